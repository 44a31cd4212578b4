package fleetwright.chaos_abort

import data.lib.chaos

violation contains {"msg": msg, "details": {"path": path}} if {
	does_harm
	not has_abort
	path := concat(".", [chaos_place, "templates"])
	msg := concat("", [path, " has faults and no step StatusCheck with abortWithStatusCheck true: nothing would end them early"])
}

violation contains {"msg": msg, "details": {"path": "metadata.annotations"}} if {
	input.review.object.kind == "Workflow"
	does_harm
	count(annotations) == 0
	msg := "metadata.annotations is empty: Chaos Mesh aborts a Workflow by an annotation and fails where there are none, give it workflow.chaos-mesh.org/abort with the value false"
}

violation contains {"msg": msg, "details": {"path": path}} if {
	input.review.object.kind == "Schedule"
	input.review.object.spec.type == "Workflow"
	does_harm
	not annotations["experiment.chaos-mesh.org/pause"] == "true"
	path := `metadata.annotations["experiment.chaos-mesh.org/pause"]`
	msg := concat("", [path, ` must be "true": a Workflow that a Schedule makes cannot be aborted, make it by hand`])
}

does_harm if {
	count(chaos.of_workflow(input.review.object)) > 0
}

has_abort if {
	some step in chaos.steps(input.review.object)
	step.step.templateType == "StatusCheck"
	step.step.abortWithStatusCheck == true
}

chaos_place := concat(".", place) if {
	some place in chaos.workflow_places(input.review.object)
}

annotations := value if {
	value := input.review.object.metadata.annotations
	is_object(value)
} else := {}
