// Command argo-cd is every program of Argo CD in one, for machines where its image cannot run.
//
// As upstream's own, it is the program by whose name it is called, or which ARGOCD_BINARY_NAME names. Each is upstream's
// command with upstream's flags. One is added, argocd-redis: the cache that the others share, held in memory.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	controller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	applicationset "github.com/argoproj/argo-cd/v3/cmd/argocd-applicationset-controller/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
	server "github.com/argoproj/argo-cd/v3/cmd/argocd-server/commands"
	cli "github.com/argoproj/argo-cd/v3/cmd/argocd/commands"
)

var programs = map[string]func() *cobra.Command{
	"argocd":                           cli.NewCommand,
	"argocd-application-controller":    withoutMetrics(controller.NewCommand),
	"argocd-applicationset-controller": applicationset.NewCommand,
	"argocd-redis":                     redisCommand,
	"argocd-repo-server":               reposerver.NewCommand,
	"argocd-server":                    server.NewCommand,
}

func main() {
	name := os.Getenv("ARGOCD_BINARY_NAME")
	if name == "" {
		name = filepath.Base(os.Args[0])
	}
	command, ok := programs[name]
	if !ok {
		fmt.Fprintf(os.Stderr, "argo-cd: there is no program %q, name one of Argo CD's in ARGOCD_BINARY_NAME\n", name)
		os.Exit(1)
	}
	if err := command().Execute(); err != nil {
		os.Exit(1)
	}
}
