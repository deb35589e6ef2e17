import type { Mark } from "../../../web-ui/index.ts";
import type { CheckId, Finding, Outcome, Severity } from "../../model/index.ts";

const OF_SEVERITY: Readonly<Record<Severity, Mark>> = {
  critical: "danger",
  high: "danger",
  medium: "attention",
  low: "attention",
  info: "attention",
};

/** Codes of `notchecked` that only a person's word can change. */
const NEEDS_PERMISSION: ReadonlySet<string | null> = new Set(["no-consent", "not-this-manager"]);

export function markOfFinding({ check, severity }: Pick<Finding, "check" | "severity">): Mark {
  return isEmergency(check, severity) ? "emergency" : OF_SEVERITY[severity];
}

/** The camera shows itself, and the outside is led to that very door. */
function isEmergency(check: CheckId, severity: Severity): boolean {
  return severity === "critical" && (check === "open-live-view" || check === "default-credentials");
}

/** Null when the check does not apply, so that it weighs nothing. */
export function markOfOutcome({ outcome, severity, because }: Outcome): Mark | null {
  switch (outcome) {
    case "fail":
      return OF_SEVERITY[severity];
    case "pass":
      return "none";
    case "notapplicable":
      return null;
    case "notchecked":
      return NEEDS_PERMISSION.has(because) ? "waiting" : "unknown";
    case "unknown":
    case "error":
      return "unknown";
  }
}

export function isOpen(finding: Finding): boolean {
  return finding.resolvedAt === null;
}
