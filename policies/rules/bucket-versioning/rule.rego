package fleetwright.bucket_versioning

import data.lib.aws
import data.lib.field

violation contains {"msg": msg, "details": {"path": path}} if {
	count(aws.joined(input.review.object, "versionings")) == 0
	not aws.is_true(field.value(input.review.object, ["spec", "versioning", "enabled"]))
	path := "joined.versionings"
	msg := concat("", [path, " has none: register an aws.s3.BucketVersioning of this bucket whose status is Enabled"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some versioning in aws.joined(input.review.object, "versionings")
	field.value(versioning.resource, ["spec", "versioningConfiguration", "status"]) != "Enabled"
	path := concat(".", [versioning.path, "spec.versioningConfiguration.status"])
	msg := concat("", [path, " must be Enabled: else what is overwritten or deleted by mistake is gone"])
}
