"""What a unit's tasks belong to and lead to: cases, and pages of what was made."""

from __future__ import annotations

from django.urls import reverse

from kancil.desk.cases.queries import cases
from kancil.desk.jobs.queries import Task


def case_numbers(tasks: list[Task]) -> dict[str, int]:
    """The numbers of the tasks' cases."""
    ids = {task.case_id for task in tasks if task.case_id}
    return {case.id: case.number for case in cases(sorted(ids))}


def result_url(task: Task, numbers: dict[str, int]) -> str:
    """The page of what a task made; empty where there is none."""
    number = numbers.get(task.case_id or "")
    if task.result is None:
        return ""
    if "import" in task.result:
        return reverse("label_source", kwargs={"source": task.result["import"]})
    if "clusters_of" in task.result:
        return reverse("clusters", kwargs={"chain": task.result["clusters_of"]})
    if "chain" in task.result:
        return reverse("chain", kwargs={"chain": task.result["chain"]})
    if number is None:
        return ""
    if "tried" in task.result:
        given = {"case": number, "exhibit": task.result["tried"]}
        return reverse("stated_map", kwargs=given) + f"?tried={task.id}"
    if "stated_by" in task.result:
        return reverse("stated", kwargs={"case": number})
    if "examined" in task.result:
        return reverse("disk", kwargs={"case": number, "exhibit": task.result["examined"]})
    if "exhibit" in task.result:
        return reverse("exhibit", kwargs={"case": number, "exhibit": task.result["exhibit"]})
    if "study" in task.result:
        return reverse("study", kwargs={"case": number, "study": task.result["study"]})
    if "trace" in task.result:
        return reverse("money", kwargs={"case": number})
    return ""
