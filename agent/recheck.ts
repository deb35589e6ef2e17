import { CHECKS } from "./checks/index.ts";
import { type CheckId, QUESTION_IDS, type QuestionId, type SiteQuestionId } from "./model/index.ts";

/** What must be asked to settle one check anew. */
export interface Questions {
  /** True where they go to the routers, whichever device the check is about. */
  readonly ofRouters: boolean;
  readonly ofDevice: ReadonlySet<QuestionId>;
  readonly ofSite: ReadonlySet<SiteQuestionId>;
}

const OF_ROUTERS: readonly QuestionId[] = ["igd", "portControl"];

/** A login is tried only where the check is about logins: the budget is small. */
export function questionsOf(id: CheckId): Questions {
  const check = CHECKS.find((one) => one.id === id);
  const ofSite = new Set(check?.siteQuestions);
  // What needs no consent, and what is about the ways in, is read from the router.
  if (check?.level === "L0" || ofSite.size > 0)
    return { ofRouters: true, ofDevice: new Set(OF_ROUTERS), ofSite };
  const aboutLogins = check?.questions.includes("logins") ?? false;
  const ofDevice = QUESTION_IDS.filter(
    (question) => !OF_ROUTERS.includes(question) && (question !== "logins" || aboutLogins),
  );
  return { ofRouters: false, ofDevice: new Set(ofDevice), ofSite };
}
