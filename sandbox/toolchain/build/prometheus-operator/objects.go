package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"time"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	prompkg "github.com/prometheus-operator/prometheus-operator/pkg/prometheus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/cache"
)

// objects are those of one cluster that the operator reads.
type objects struct {
	prometheuses    []*monitoringv1.Prometheus
	podMonitors     []*monitoringv1.PodMonitor
	serviceMonitors []*monitoringv1.ServiceMonitor
	rules           []*monitoringv1.PrometheusRule
	core            []runtime.Object
}

// certificate is what is read of a Certificate of cert-manager.
type certificate struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		SecretName string `json:"secretName"`
	} `json:"spec"`
}

func read(from io.Reader) (*objects, error) {
	var all []json.RawMessage
	if err := json.NewDecoder(from).Decode(&all); err != nil {
		return nil, err
	}
	given := &objects{}
	for _, raw := range all {
		var object metav1.TypeMeta
		if err := json.Unmarshal(raw, &object); err != nil {
			return nil, err
		}
		var err error
		switch object.Kind {
		case "Prometheus":
			given.prometheuses, err = appended(given.prometheuses, raw)
		case "PodMonitor":
			given.podMonitors, err = appended(given.podMonitors, raw)
		case "ServiceMonitor":
			given.serviceMonitors, err = appended(given.serviceMonitors, raw)
		case "PrometheusRule":
			given.rules, err = appended(given.rules, raw)
		case "Secret":
			err = given.add(&corev1.Secret{}, raw)
		case "Service":
			err = given.add(&corev1.Service{}, raw)
		case "Certificate":
			err = given.issue(raw)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", object.Kind, err)
		}
	}
	return given, nil
}

func (o *objects) add(object runtime.Object, raw json.RawMessage) error {
	o.core = append(o.core, object)
	return json.Unmarshal(raw, object)
}

func appended[T any](all []*T, raw json.RawMessage) ([]*T, error) {
	one := new(T)
	err := json.Unmarshal(raw, one)
	return append(all, one), err
}

// issue makes the Secret of a Certificate: a key, and a certificate that is its own authority.
func (o *objects) issue(raw json.RawMessage) error {
	var wanted certificate
	if err := json.Unmarshal(raw, &wanted); err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	shown := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
	o.core = append(o.core, &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: wanted.Spec.SecretName, Namespace: wanted.Namespace},
		Data: map[string][]byte{
			corev1.ServiceAccountRootCAKey: shown,
			corev1.TLSCertKey:              shown,
			corev1.TLSPrivateKeyKey:        pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
		},
	})
	return nil
}

// listOf gives the objects of a namespace as an informer's cache does.
func listOf[T metav1.Object](all []T) prompkg.ListAllByNamespaceFn {
	return func(namespace string, selector labels.Selector, give cache.AppendFunc) error {
		for _, one := range all {
			if one.GetNamespace() == namespace && selector.Matches(labels.Set(one.GetLabels())) {
				give(one)
			}
		}
		return nil
	}
}
