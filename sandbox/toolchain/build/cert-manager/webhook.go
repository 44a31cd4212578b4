package main

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	ctrlwebhook "sigs.k8s.io/controller-runtime/pkg/webhook"

	"github.com/cert-manager/cert-manager/internal/webhook"
	logf "github.com/cert-manager/cert-manager/pkg/logs"
	cmadmission "github.com/cert-manager/cert-manager/pkg/webhook/admission"
	"github.com/cert-manager/cert-manager/pkg/webhook/options"
	"github.com/cert-manager/cert-manager/pkg/webhook/server"
)

// webhookProgram checks and completes cert-manager's own objects, with a CA that it makes and keeps in a Secret.
func webhookProgram(flags *pflag.FlagSet) func(context.Context) error {
	config, err := options.NewWebhookConfiguration()
	if err != nil {
		return func(context.Context) error { return err }
	}
	options.AddConfigFlags(flags, config)
	address := flags.String("bind-address", "0.0.0.0", "address on which admission and health are served")
	return func(ctx context.Context) error {
		parts, err := webhook.NewCertManagerWebhookServer(logf.FromContext(ctx), *config)
		if err != nil {
			return err
		}
		return serve(ctx, *address, int(config.HealthzPort), parts)
	}
}

// serve does what the parts' own Run does, but at an address, for that one listens everywhere.
func serve(ctx context.Context, address string, healthPort int, parts *server.Server) error {
	mgr, err := ctrl.NewManager(&rest.Config{}, ctrl.Options{ // nothing here asks the API server through the manager
		Scheme:  parts.ResourceScheme,
		Metrics: metricsserver.Options{BindAddress: parts.MetricsListenAddress},
		WebhookServer: ctrlwebhook.NewServer(ctrlwebhook.Options{
			Host: address,
			Port: parts.ListenAddr,
			TLSOpts: []func(*tls.Config){func(config *tls.Config) {
				config.GetCertificate = parts.CertificateSource.GetCertificate
			}},
		}),
	})
	if err != nil {
		return err
	}
	if err := mgr.Add(parts.CertificateSource); err != nil {
		return err
	}
	health, err := healthServer(net.JoinHostPort(address, strconv.Itoa(healthPort)), parts)
	if err != nil {
		return err
	}
	if err := mgr.Add(health); err != nil {
		return err
	}
	mgr.GetWebhookServer().Register("/mutate", cmadmission.NewCustomMutationWebhook(parts.MutationWebhook))
	mgr.GetWebhookServer().Register("/validate", cmadmission.NewCustomValidationWebhook(mgr.GetScheme(), parts.ValidationWebhook))
	return mgr.Start(ctx)
}

// healthServer answers /healthz once there is a certificate to serve with, and /livez always.
func healthServer(address string, parts *server.Server) (manager.Runnable, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/livez", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/healthz", func(response http.ResponseWriter, _ *http.Request) {
		if !parts.CertificateSource.Healthy() {
			http.Error(response, "no serving certificate yet", http.StatusServiceUnavailable)
		}
	})
	health := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	return manager.RunnableFunc(func(ctx context.Context) error {
		context.AfterFunc(ctx, func() { _ = health.Close() })
		if err := health.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}), nil
}
