# Namespaces.
package lib.namespace

# Made by the API server itself, which would make them again without what is ours.
kubernetes_own := {"default", "kube-node-lease", "kube-public", "kube-system"}
