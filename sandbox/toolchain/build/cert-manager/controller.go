package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/util/uuid"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"

	"github.com/cert-manager/cert-manager/pkg/controller"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/approver"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/ca"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/selfsigned"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/issuing"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/keymanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/readiness"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/requestmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/revisionmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	_ "github.com/cert-manager/cert-manager/pkg/controller/clusterissuers"
	_ "github.com/cert-manager/cert-manager/pkg/controller/issuers"
	"github.com/cert-manager/cert-manager/pkg/healthz"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
)

const (
	// The project's own defaults.
	workersPerController = 5
	leaderHealthTimeout  = 20 * time.Second

	// client-go's recommendation; the project's own 60 s would make a killed program wait for its own lease that long.
	leaseDuration = 15 * time.Second
	renewDeadline = 10 * time.Second
	retryPeriod   = 2 * time.Second
)

// controllerProgram issues and renews certificates.
func controllerProgram(flags *pflag.FlagSet) func(context.Context) error {
	options := controller.ContextOptions{
		CertificateOptions: controller.CertificateOptions{
			CopiedAnnotationPrefixes:                 []string{"*", "-kubectl.kubernetes.io/", "-fluxcd.io/", "-argocd.argoproj.io/"},
			CertificateRequestMinimumBackoffDuration: time.Hour,
			CertificateRequestMaximumBackoffDuration: 32 * time.Hour,
		},
	}
	leaseNamespace, healthAddress := "", ""
	flags.StringVar(&options.Kubeconfig, "kubeconfig", "", "kubeconfig of its ServiceAccount")
	flags.StringVar(&options.ClusterResourceNamespace, "cluster-resource-namespace", "kube-system", "namespace of the Secrets of ClusterIssuers")
	flags.StringVar(&options.HTTP01SolverImage, "acme-http01-solver-image", "", "taken and not used: no ACME issuer is built in")
	flags.IntVar(&options.MaxConcurrentChallenges, "max-concurrent-challenges", 60, "taken and not used: no ACME issuer is built in")
	flags.StringVar(&leaseNamespace, "leader-election-namespace", "kube-system", "namespace of the Lease")
	flags.StringVar(&healthAddress, "healthz-listen-address", "0.0.0.0:9403", "host:port of /livez")
	return func(ctx context.Context) error {
		return runController(ctx, options, leaseNamespace, healthAddress)
	}
}

func runController(ctx context.Context, options controller.ContextOptions, leaseNamespace, healthAddress string) error {
	factory, err := controller.NewContextFactory(ctx, options)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", healthAddress)
	if err != nil {
		return err
	}
	health := healthz.NewServer(leaderHealthTimeout)

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return health.Start(ctx, listener) })
	group.Go(func() error {
		return whileLeading(ctx, factory, leaseNamespace, health.LeaderHealthzAdaptor, func(ctx context.Context) error {
			return runControllers(ctx, factory)
		})
	})
	return group.Wait()
}

// whileLeading runs work while this process leads, and fails when it no longer does: it starts anew, with nothing cached.
func whileLeading(
	ctx context.Context,
	factory *controller.ContextFactory,
	namespace string,
	watchdog *leaderelection.HealthzAdaptor,
	work func(context.Context) error,
) error {
	election, err := factory.Build("leader-election")
	if err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	lock, err := resourcelock.New(
		resourcelock.LeasesResourceLock, namespace, "cert-manager-controller",
		election.Client.CoreV1(), election.Client.CoordinationV1(),
		resourcelock.ResourceLockConfig{
			Identity:      fmt.Sprintf("%s_%s", host, uuid.NewUUID()),
			EventRecorder: election.Recorder,
		},
	)
	if err != nil {
		return err
	}

	elected, resign := context.WithCancel(ctx)
	defer resign()
	result := make(chan error, 1)
	elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock:            lock,
		LeaseDuration:   leaseDuration,
		RenewDeadline:   renewDeadline,
		RetryPeriod:     retryPeriod,
		ReleaseOnCancel: true,
		WatchDog:        watchdog,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) {
				result <- work(ctx)
				resign()
			},
			OnStoppedLeading: func() {},
		},
	})
	if err != nil {
		return err
	}
	elector.Run(elected)
	if ctx.Err() != nil {
		return nil
	}
	select {
	case err := <-result:
		return err
	default:
		return errors.New("the lease was lost")
	}
}

// runControllers runs every controller that is built in, until the context ends.
func runControllers(ctx context.Context, factory *controller.ContextFactory) error {
	shared, err := factory.Build()
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for name, construct := range controller.Known() {
		built, err := construct(factory)
		if err != nil {
			return fmt.Errorf("controller %s: %w", name, err)
		}
		group.Go(func() error { return built.Run(workersPerController, ctx) })
	}
	shared.SharedInformerFactory.Start(ctx.Done())
	shared.KubeSharedInformerFactory.Start(ctx.Done())
	shared.HTTP01ResourceMetadataInformersFactory.Start(ctx.Done())
	return group.Wait()
}
