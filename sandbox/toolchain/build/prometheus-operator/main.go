// Command prometheus-operator-generate says what prometheus-operator makes of rendered objects, without a cluster: the
// objects come as a JSON array by standard input, the answer goes as JSON to standard output.
//
// Selection, checks and generation are the operator's own packages, called in the order in which its controller calls
// them. What is not in the objects because a cluster makes it, the Secrets of Certificates, is made up here.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"

	"github.com/blang/semver/v4"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus-operator/prometheus-operator/pkg/assets"
	"github.com/prometheus-operator/prometheus-operator/pkg/k8s"
	"github.com/prometheus-operator/prometheus-operator/pkg/operator"
	prompkg "github.com/prometheus-operator/prometheus-operator/pkg/prometheus"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/promql/parser"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
	corev1 "k8s.io/client-go/kubernetes/typed/core/v1"
)

// verdict is what the operator says of an object that it has selected.
type verdict struct {
	Kind string `json:"kind"`
	// Key is `namespace/name`.
	Key string `json:"key"`
	// Message says why it is left out; empty when it is taken.
	Message string `json:"message,omitempty"`
}

// answer is what becomes of one Prometheus.
type answer struct {
	Key           string    `json:"key"`
	Configuration string    `json:"configuration"`
	Selected      []verdict `json:"selected"`
}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	given, err := read(os.Stdin)
	if err != nil {
		return err
	}
	answers := []answer{}
	for _, p := range given.prometheuses {
		made, err := generate(ctx, p, given)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", p.Namespace, p.Name, err)
		}
		answers = append(answers, made)
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}

func generate(ctx context.Context, p *monitoringv1.Prometheus, given *objects) (answer, error) {
	made := answer{Key: keyOf(p)}
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	core := fake.NewClientset(given.core...).CoreV1()
	store := assets.NewStoreBuilder(core, core)

	events := operator.NewFakeRecorder(len(given.podMonitors)+len(given.serviceMonitors), p)
	metrics := operator.NewMetrics(prometheus.NewRegistry())
	selector, err := prompkg.NewResourceSelector(logger, p, store, nil, metrics, events)
	if err != nil {
		return made, err
	}
	serviceMonitors, err := selector.SelectServiceMonitors(ctx, listOf(given.serviceMonitors))
	if err != nil {
		return made, err
	}
	podMonitors, err := selector.SelectPodMonitors(ctx, listOf(given.podMonitors))
	if err != nil {
		return made, err
	}
	generator, err := prompkg.NewConfigGenerator(logger, p, prompkg.WithEndpointSliceSupport())
	if err != nil {
		return made, err
	}
	rules, err := judged(p, given.rules, generator.Version())
	if err != nil {
		return made, err
	}
	made.Selected = slices.Concat(told("ServiceMonitor", serviceMonitors), told("PodMonitor", podMonitors), rules)

	if err := generator.AddRemoteWriteToStore(ctx, store, p.Namespace, p.Spec.RemoteWrite); err != nil {
		return made, err
	}
	if err := governed(ctx, p, core.Services(p.Namespace)); err != nil {
		return made, err
	}
	secrets := core.Secrets(p.Namespace)
	scrapes, err := k8s.LoadSecretRef(ctx, logger, secrets, p.Spec.AdditionalScrapeConfigs)
	if err != nil {
		return made, err
	}
	alertmanagers, err := k8s.LoadSecretRef(ctx, logger, secrets, p.Spec.AdditionalAlertManagerConfigs)
	if err != nil {
		return made, err
	}
	configuration, err := generator.GenerateServerConfiguration(
		p, serviceMonitors.ValidResources(), podMonitors.ValidResources(), nil, nil, store, scrapes, nil, alertmanagers, nil)
	made.Configuration = string(configuration)
	return made, err
}

// governed says whether the operator takes the Service that gives the pods their names: it must select by labels that the
// operator itself sets.
func governed(ctx context.Context, p *monitoringv1.Prometheus, services corev1.ServiceInterface) error {
	if p.Spec.ServiceName == nil {
		return nil
	}
	return k8s.EnsureCustomGoverningService(ctx, p.Namespace, *p.Spec.ServiceName, services, map[string]string{
		operator.ManagedByLabelKey:           operator.ManagedByLabelValue,
		operator.ApplicationNameLabelKey:     "prometheus",
		operator.ApplicationInstanceLabelKey: p.Name,
		prompkg.PrometheusNameLabelName:      p.Name,
		"prometheus":                         p.Name,
	})
}

func told[T operator.ConfigurationResource](kind string, selection operator.TypedResourcesSelection[T]) []verdict {
	all := []verdict{}
	for key, one := range selection {
		for _, condition := range one.Conditions() {
			all = append(all, verdict{kind, key, condition.Message})
		}
	}
	return all
}

// judged are the rules that a Prometheus selects, which it does in its own namespace unless it says otherwise.
func judged(p *monitoringv1.Prometheus, rules []*monitoringv1.PrometheusRule, version semver.Version) ([]verdict, error) {
	selector, err := metav1.LabelSelectorAsSelector(p.Spec.RuleSelector)
	if err != nil {
		return nil, err
	}
	all := []verdict{}
	scheme := operator.ValidationSchemeForPrometheus(version)
	err = listOf(rules)(p.Namespace, selector, func(one any) {
		rule := one.(*monitoringv1.PrometheusRule)
		faults := operator.ValidateRule(rule.Spec, scheme, parser.Options{})
		all = append(all, verdict{"PrometheusRule", keyOf(rule), messageOf(faults)})
	})
	return all, err
}

func messageOf(faults []error) string {
	if err := errors.Join(faults...); err != nil {
		return err.Error()
	}
	return ""
}

func keyOf(object metav1.Object) string {
	return object.GetNamespace() + "/" + object.GetName()
}
