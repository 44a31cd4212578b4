package fleetwright.removed_apis

violation contains {"msg": msg, "details": {"path": "apiVersion"}} if {
	object := input.review.object
	some api in removed
	object.apiVersion in api.versions
	object.kind in api.kinds
	not is_before(api.minor)
	msg := concat("", [
		"apiVersion ",
		object.apiVersion,
		" has no ",
		object.kind,
		" since Kubernetes 1.",
		format_int(api.minor, 10),
		": ",
		api.way,
	])
}

# Whether the cluster is older than a minor. Numbers are compared, as 1.9 is older than 1.16.
is_before(minor) if {
	[_, own] := split(input.parameters.minor, ".")
	to_number(own) < minor
}

# Versions by the minor that no longer serves them. A version that never had one of the kinds is not served either.
removed := [
	{
		"minor": 16,
		"versions": ["extensions/v1beta1", "apps/v1beta1", "apps/v1beta2"],
		"kinds": ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
		"way": "write apps/v1",
	},
	{
		"minor": 16,
		"versions": ["extensions/v1beta1"],
		"kinds": ["NetworkPolicy"],
		"way": "write networking.k8s.io/v1",
	},
	{
		"minor": 16,
		"versions": ["extensions/v1beta1"],
		"kinds": ["PodSecurityPolicy"],
		"way": "label namespaces for Pod Security admission",
	},
	{
		"minor": 21,
		"versions": ["batch/v2alpha1"],
		"kinds": ["CronJob"],
		"way": "write batch/v1",
	},
	{
		"minor": 22,
		"versions": ["admissionregistration.k8s.io/v1beta1"],
		"kinds": ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
		"way": "write admissionregistration.k8s.io/v1",
	},
	{
		"minor": 22,
		"versions": ["apiextensions.k8s.io/v1beta1"],
		"kinds": ["CustomResourceDefinition"],
		"way": "write apiextensions.k8s.io/v1",
	},
	{
		"minor": 22,
		"versions": ["apiregistration.k8s.io/v1beta1"],
		"kinds": ["APIService"],
		"way": "write apiregistration.k8s.io/v1",
	},
	{
		"minor": 22,
		"versions": ["authentication.k8s.io/v1beta1"],
		"kinds": ["TokenReview"],
		"way": "write authentication.k8s.io/v1",
	},
	{
		"minor": 22,
		"versions": ["authorization.k8s.io/v1beta1"],
		"kinds": ["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"],
		"way": "write authorization.k8s.io/v1",
	},
	{
		"minor": 22,
		"versions": ["certificates.k8s.io/v1beta1"],
		"kinds": ["CertificateSigningRequest"],
		"way": "write certificates.k8s.io/v1",
	},
	{
		"minor": 22,
		"versions": ["coordination.k8s.io/v1beta1"],
		"kinds": ["Lease"],
		"way": "write coordination.k8s.io/v1",
	},
	{
		"minor": 22,
		"versions": ["extensions/v1beta1", "networking.k8s.io/v1beta1"],
		"kinds": ["Ingress", "IngressClass"],
		"way": "write networking.k8s.io/v1",
	},
	{
		"minor": 22,
		"versions": ["rbac.authorization.k8s.io/v1beta1"],
		"kinds": ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
		"way": "write rbac.authorization.k8s.io/v1",
	},
	{
		"minor": 22,
		"versions": ["scheduling.k8s.io/v1beta1"],
		"kinds": ["PriorityClass"],
		"way": "write scheduling.k8s.io/v1",
	},
	{
		"minor": 22,
		"versions": ["storage.k8s.io/v1beta1"],
		"kinds": ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
		"way": "write storage.k8s.io/v1",
	},
	{
		"minor": 23,
		"versions": ["rbac.authorization.k8s.io/v1alpha1"],
		"kinds": ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
		"way": "write rbac.authorization.k8s.io/v1",
	},
	{
		"minor": 23,
		"versions": ["scheduling.k8s.io/v1alpha1"],
		"kinds": ["PriorityClass"],
		"way": "write scheduling.k8s.io/v1",
	},
	{
		"minor": 24,
		"versions": ["storage.k8s.io/v1alpha1"],
		"kinds": ["CSIStorageCapacity", "VolumeAttachment"],
		"way": "write storage.k8s.io/v1",
	},
	{
		"minor": 25,
		"versions": ["autoscaling/v2beta1"],
		"kinds": ["HorizontalPodAutoscaler"],
		"way": "write autoscaling/v2",
	},
	{
		"minor": 25,
		"versions": ["batch/v1beta1"],
		"kinds": ["CronJob"],
		"way": "write batch/v1",
	},
	{
		"minor": 25,
		"versions": ["discovery.k8s.io/v1beta1"],
		"kinds": ["EndpointSlice"],
		"way": "write discovery.k8s.io/v1",
	},
	{
		"minor": 25,
		"versions": ["events.k8s.io/v1beta1"],
		"kinds": ["Event"],
		"way": "write events.k8s.io/v1",
	},
	{
		"minor": 25,
		"versions": ["node.k8s.io/v1beta1"],
		"kinds": ["RuntimeClass"],
		"way": "write node.k8s.io/v1",
	},
	{
		"minor": 25,
		"versions": ["policy/v1beta1"],
		"kinds": ["Eviction", "PodDisruptionBudget"],
		"way": "write policy/v1",
	},
	{
		"minor": 25,
		"versions": ["policy/v1beta1"],
		"kinds": ["PodSecurityPolicy"],
		"way": "label namespaces for Pod Security admission",
	},
	{
		"minor": 26,
		"versions": ["autoscaling/v2beta2"],
		"kinds": ["HorizontalPodAutoscaler"],
		"way": "write autoscaling/v2",
	},
	{
		"minor": 26,
		"versions": ["flowcontrol.apiserver.k8s.io/v1beta1"],
		"kinds": ["FlowSchema", "PriorityLevelConfiguration"],
		"way": "write flowcontrol.apiserver.k8s.io/v1",
	},
	{
		"minor": 27,
		"versions": ["storage.k8s.io/v1beta1"],
		"kinds": ["CSIStorageCapacity"],
		"way": "write storage.k8s.io/v1",
	},
	{
		"minor": 29,
		"versions": ["flowcontrol.apiserver.k8s.io/v1beta2"],
		"kinds": ["FlowSchema", "PriorityLevelConfiguration"],
		"way": "write flowcontrol.apiserver.k8s.io/v1",
	},
	{
		"minor": 32,
		"versions": ["flowcontrol.apiserver.k8s.io/v1beta3"],
		"kinds": ["FlowSchema", "PriorityLevelConfiguration"],
		"way": "write flowcontrol.apiserver.k8s.io/v1",
	},
	{
		"minor": 32,
		"versions": ["admissionregistration.k8s.io/v1alpha1"],
		"kinds": ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
		"way": "write admissionregistration.k8s.io/v1",
	},
	{
		"minor": 32,
		"versions": ["authentication.k8s.io/v1alpha1"],
		"kinds": ["SelfSubjectReview"],
		"way": "write authentication.k8s.io/v1",
	},
	{
		"minor": 33,
		"versions": ["authentication.k8s.io/v1beta1"],
		"kinds": ["SelfSubjectReview"],
		"way": "write authentication.k8s.io/v1",
	},
	{
		"minor": 34,
		"versions": ["admissionregistration.k8s.io/v1beta1"],
		"kinds": ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
		"way": "write admissionregistration.k8s.io/v1",
	},
	{
		"minor": 35,
		"versions": ["storage.k8s.io/v1alpha1"],
		"kinds": ["VolumeAttributesClass"],
		"way": "write storage.k8s.io/v1",
	},
]
