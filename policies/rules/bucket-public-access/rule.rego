package fleetwright.bucket_public_access

import data.lib.aws
import data.lib.field

settings := {"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"}

violation contains {"msg": msg, "details": {"path": path}} if {
	count(aws.joined(input.review.object, "publicAccessBlocks")) == 0
	path := "joined.publicAccessBlocks"
	msg := concat("", [path, " has none: register an aws.s3.BucketPublicAccessBlock of this bucket with its four settings true"])
}

violation contains {"msg": msg, "details": {"path": path}} if {
	some block in aws.joined(input.review.object, "publicAccessBlocks")
	some setting in settings
	not aws.is_true(field.value(block.resource, ["spec", setting]))
	path := concat(".", [block.path, "spec", setting])
	msg := concat("", [path, " must be true: absent means false, and one statement in a policy or list then makes the bucket public"])
}
