package fleetwright.pod_security_restricted

import data.lib.pod_security

violation contains {"msg": fault.message, "details": {"path": fault.path}} if {
	some fault in pod_security.restricted(input.review.object)
}
