package fleetwright.crd_unknown_fields

spec := input.review.object.spec

violation contains {"msg": msg, "details": {"path": "spec.preserveUnknownFields"}} if {
	preserves_everything
	msg := "spec.preserveUnknownFields must be false: with true every misspelt field is stored, whatever the schema says"
}

preserves_everything if spec.preserveUnknownFields == true

# In v1beta1 that was the default.
preserves_everything if {
	input.review.object.apiVersion == "apiextensions.k8s.io/v1beta1"
	object.get(spec, "preserveUnknownFields", null) == null
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place, schema in judged
	some keyword in keywords
	schema[keyword] == true
	path := concat(".", [place, keyword])
	msg := concat("", [path, " must not be true here: name the fields, and preserve unknown ones only below the field that needs it"])
}

# Inputs in Pulumi's own types are spelt with underscores: a preview sees them so, and the API server never.
keywords := {"x-kubernetes-preserve-unknown-fields", "x_kubernetes_preserve_unknown_fields"}

# Schemas of whole objects and of their spec, by where they stand.
judged[place] := schema if {
	some place, schema in roots
}

judged[place] := schema if {
	some root, whole in roots
	schema := whole.properties.spec
	place := concat(".", [root, "properties.spec"])
}

roots[place] := version.schema.openAPIV3Schema if {
	is_array(spec.versions)
	some index, version in spec.versions
	place := concat("", ["spec.versions[", format_int(index, 10), "].schema.openAPIV3Schema"])
}

# One schema for all versions, as v1beta1 had it.
roots["spec.validation.openAPIV3Schema"] := spec.validation.openAPIV3Schema
