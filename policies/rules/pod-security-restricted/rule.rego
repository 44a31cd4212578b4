package fleetwright.pod_security_restricted

import data.lib.pod_security_restricted

violation contains {"msg": fault.message, "details": {"path": fault.path}} if {
	some fault in pod_security_restricted.restricted(input.review.object)
}
