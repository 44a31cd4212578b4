// Command argo-rollouts is `lint` of Argo Rollouts' plugin for kubectl, and nothing else of it: another of its commands
// embeds web pages that are not published with the Go module, so that the plugin as a whole cannot be built from it.
package main

import (
	"os"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/argoproj/argo-rollouts/pkg/kubectl-argo-rollouts/cmd/lint"
	"github.com/argoproj/argo-rollouts/pkg/kubectl-argo-rollouts/options"
)

func main() {
	streams := genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr}
	root := &cobra.Command{Use: "kubectl-argo-rollouts"}
	root.AddCommand(lint.NewCmdLint(options.NewArgoRolloutsOptions(streams)))
	if root.Execute() != nil {
		os.Exit(1) // it has said why
	}
}
