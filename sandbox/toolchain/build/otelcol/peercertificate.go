package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensionauth"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"
)

// peerCertificate lets in whoever shows a certificate with one of certain DNS names. A receiver's TLS settings let in
// everybody whom a CA knows, and the platform's CA knows every program of the mesh.
type peerCertificate struct {
	component.StartFunc
	component.ShutdownFunc
	dnsNames []string
}

type peerCertificateConfig struct {
	// DNSNames that are let in, each exactly as the certificate has it; at least one.
	DNSNames []string `mapstructure:"dns_names"`
}

func (c *peerCertificateConfig) Validate() error {
	if len(c.DNSNames) == 0 || slices.Contains(c.DNSNames, "") {
		return errors.New("dns_names must have at least one name, and none that is empty")
	}
	return nil
}

var _ extensionauth.Server = (*peerCertificate)(nil)

func newPeerCertificateFactory() extension.Factory {
	return extension.NewFactory(
		component.MustNewType("peer_certificate"),
		func() component.Config { return &peerCertificateConfig{} },
		func(_ context.Context, _ extension.Settings, config component.Config) (extension.Extension, error) {
			return &peerCertificate{dnsNames: config.(*peerCertificateConfig).DNSNames}, nil
		},
		component.StabilityLevelDevelopment,
	)
}

// Authenticate judges the connection, not the headers: what a caller says of itself counts for nothing.
func (p *peerCertificate) Authenticate(ctx context.Context, _ map[string][]string) (context.Context, error) {
	caller, ok := peer.FromContext(ctx)
	if !ok {
		return ctx, errors.New("the connection is not known")
	}
	tlsInfo, ok := caller.AuthInfo.(credentials.TLSInfo)
	if !ok || len(tlsInfo.State.VerifiedChains) == 0 {
		return ctx, errors.New("the connection shows no certificate that was verified")
	}
	names := tlsInfo.State.VerifiedChains[0][0].DNSNames
	if slices.ContainsFunc(names, func(name string) bool { return slices.Contains(p.dnsNames, name) }) {
		return ctx, nil
	}
	return ctx, fmt.Errorf("the certificate is for [%s], must be for one of [%s]",
		strings.Join(names, " "), strings.Join(p.dnsNames, " "))
}
