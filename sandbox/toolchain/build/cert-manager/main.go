// Command cert-manager is one of cert-manager's three programs, for machines where its images cannot run.
//
// The project's packages are published as a Go module; its main packages are modules of their own that are not. So the
// programs are put together here, from the project's packages: the issuers of a private CA, without ACME, Vault and
// Venafi. They take the arguments that the platform's manifests give, and these:
//
//	--program controller|webhook|cainjector  which of the three
//	--kubeconfig FILE                        whose ServiceAccount it is
//	--bind-address ADDRESS                   where the webhook listens; it would listen everywhere
//
// The module's path lies below the project's, because Go lets nobody else import its internal packages.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
	logsapi "k8s.io/component-base/logs/api/v1"
	ctrl "sigs.k8s.io/controller-runtime"

	logf "github.com/cert-manager/cert-manager/pkg/logs"
)

// program adds its flags, and returns what runs once they are parsed.
type program func(flags *pflag.FlagSet) func(ctx context.Context) error

var programs = map[string]program{
	"controller": controllerProgram,
	"webhook":    webhookProgram,
	"cainjector": cainjectorProgram,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cert-manager:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	name := ""
	chooser := pflag.NewFlagSet("cert-manager", pflag.ContinueOnError)
	chooser.ParseErrorsAllowlist.UnknownFlags = true
	chooser.StringVar(&name, "program", "", "")
	if err := chooser.Parse(args); err != nil {
		return err
	}
	choose, ok := programs[name]
	if !ok {
		return fmt.Errorf("--program is %q, must be controller, webhook or cainjector", name)
	}

	flags := pflag.NewFlagSet("cert-manager", pflag.ContinueOnError)
	flags.String("program", name, "which program to run")
	start := choose(flags)
	logging := logsapi.NewLoggingConfiguration()
	if flags.Lookup("v") == nil { // the webhook's own flags have it
		logf.AddFlags(logging, flags)
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	logf.InitLogs()
	defer logf.FlushLogs()
	if err := logf.ValidateAndApply(logging); err != nil {
		return err
	}
	log := logf.Log.WithName(name)
	ctrl.SetLogger(log)
	return start(logf.NewContext(ctx, log))
}
