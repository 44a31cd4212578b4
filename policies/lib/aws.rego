# Resources of AWS as a preview sees them: {"metadata": {"name": …}, "spec": what the resource was given}. What further
# resources say of one stands under `joined`, each with the types of the resources that its unknown values come from.
package lib.aws

import data.lib.field

# Every resource of a join: {"path": "joined.versionings[0]", "resource": {…}}. A hole is one that may be of another bucket.
joined(bucket, name) := [{"path": path, "resource": resource} |
	some index, resource in field.list(bucket, ["joined", name])
	is_object(resource)
	path := field.item(concat(".", ["joined", name]), index)
]

# The provider takes the text as well.
is_true(value) if value in {true, "true"}

# Types of keys whose ARN or id may stand where a key is wanted.
key_types := {"aws:kms/alias:Alias", "aws:kms/externalKey:ExternalKey", "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"}

# Whether a value of a property that is not known yet comes from a key that is made in the same stack.
comes_from_key(resource, property) if {
	some type in field.list(resource, ["dependsOn", property])
	type in key_types
}
