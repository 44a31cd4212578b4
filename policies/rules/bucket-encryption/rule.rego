package fleetwright.bucket_encryption

import data.lib.aws
import data.lib.field

violation contains {"msg": msg, "details": {"path": path}} if {
	count(defaults) == 0
	path := "joined.encryptionConfigurations"
	msg := concat("", [path, " has no rule: register an aws.s3.BucketServerSideEncryptionConfiguration of this bucket with aws:kms and a key of yours"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place in defaults
	not field.value(place.applied, ["sseAlgorithm"]) in {"aws:kms", "aws:kms:dsse"}
	path := concat(".", [place.path, "sseAlgorithm"])
	msg := concat("", [path, " must be aws:kms or aws:kms:dsse: with AES256 whoever may read the bucket may decrypt it"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some place in defaults
	field.value(place.applied, ["sseAlgorithm"]) in {"aws:kms", "aws:kms:dsse"}
	not has_key(place)
	path := concat(".", [place.path, "kmsMasterKeyId"])
	msg := concat("", [path, " must name a key of yours: nobody can change who may use aws/s3, which is what AWS takes otherwise"])
}

has_key(place) if {
	key := field.value(place.applied, ["kmsMasterKeyId"])
	is_string(key)
	key != ""
	not endswith(key, "alias/aws/s3")
}

# Only of a key that is not known yet is it known where it comes from.
has_key(place) if aws.comes_from_key(place.resource, place.property)

# What new objects are encrypted with: by a resource of its own, else by what the bucket still says itself.
defaults := of_configurations if {
	count(of_configurations) > 0
} else := of_bucket

of_configurations := {{"path": path, "applied": applied(rule), "resource": place.resource, "property": "rules"} |
	some place in aws.joined(input.review.object, "encryptionConfigurations")
	some index, rule in field.list(place.resource, ["spec", "rules"])
	path := concat("", [place.path, ".spec.rules[", format_int(index, 10), "].applyServerSideEncryptionByDefault"])
}

of_bucket := {{"path": path, "applied": applied(rule), "resource": input.review.object, "property": property} |
	property := "serverSideEncryptionConfiguration"
	rule := field.value(input.review.object, ["spec", property, "rule"])
	is_object(rule)
	path := concat(".", ["spec", property, "rule.applyServerSideEncryptionByDefault"])
}

applied(rule) := field.map(rule, ["applyServerSideEncryptionByDefault"])
