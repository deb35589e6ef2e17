import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { POSTURES } from "../../../agent/model/index.ts";
import {
  type Frame,
  MARKS,
  NOTICES,
  renderPage,
  renderWrongHost,
  type StatusPage,
} from "../../../web-ui/index.ts";

const FRAME: Frame = {
  language: "ja",
  now: "2026-11-21T01:05:00.000Z",
  place: null,
  contact: null,
  address: null,
  version: "0.1.0",
  role: "site",
  technical: false,
  mayDecide: true,
  detailed: true,
  settingUp: false,
  once: false,
  visit: null,
  scanning: null,
  notice: null,
};

function status(text: string): StatusPage {
  return {
    kind: "status",
    headline: { id: "danger", mark: "danger", title: text, sentence: text, stoppedSince: FRAME.now },
    cameras: 1,
    counts: [{ mark: "danger", count: 1 }],
    unsettled: 1,
    exceptions: 1,
    lastCheck: null,
    nextCheck: null,
    first: null,
    map: null,
    rows: [
      {
        key: "k",
        name: text,
        maker: text,
        mark: "danger",
        findings: [
          {
            id: "f",
            check: "telnet-open",
            title: text,
            mark: "danger",
            subject: text,
            where: text,
            since: FRAME.now,
          },
        ],
        doors: [{ kind: "web", state: "danger" }],
        since: FRAME.now,
        accepted: 1,
        unknown: 1,
        waiting: 1,
        passed: 1,
      },
    ],
    elsewhere: [],
    resolved: [],
  };
}

/** The page with its texts taken out: what is left must not depend on them. */
function skeleton(html: string): string {
  return html.replace(/>[^<]*/g, ">");
}

describe("escaping", () => {
  test("no text, however made, adds or changes an element", () => {
    const plain = skeleton(renderPage(FRAME, status("x")));
    const part = fc.constantFrom(
      "<",
      ">",
      '"',
      "'",
      "&",
      "/",
      "</script>",
      "<!--",
      "-->",
      "]]>",
      "\u0000",
      "&lt;",
      "={",
    );
    const nasty = fc
      .array(fc.oneof(part, fc.string()), { minLength: 1 })
      .map((parts) => `x${parts.join("")}`);
    fc.assert(
      fc.property(nasty, (text) => {
        const frame = { ...FRAME, place: text, contact: text };
        const withContact = skeleton(renderPage({ ...FRAME, place: "x", contact: "x" }, status("x")));
        // A raw ">" in a text is harmless and stays one; it is taken out like the text around it.
        return (
          skeleton(renderPage(FRAME, status(text)).replace(/>(?=[^<]*<)/g, ">")).replace(/>+/g, ">") ===
            plain.replace(/>+/g, ">") &&
          skeleton(renderPage(frame, status("x"))).replace(/>+/g, ">") === withContact.replace(/>+/g, ">")
        );
      }),
    );
  });
});

describe("every state", () => {
  test.each(["ja", "en"] as const)("has its own shape and word (%s)", (language) => {
    const seen = new Set<string>();
    for (const mark of MARKS) {
      const page = { ...status("x"), rows: null, headline: { ...status("x").headline, mark } };
      const html = renderPage({ ...FRAME, language }, { ...page, counts: [{ mark, count: 7 }] });
      const [, shape = "", word = ""] =
        /<svg[^>]*>(.*?)<\/svg><span>([^<]* 7)<\/span>/.exec(html.split("counts")[1] ?? "") ?? [];
      expect(shape).not.toBe("");
      seen.add(shape);
      seen.add(word);
    }
    expect(seen.size).toBe(2 * MARKS.length);
  });

  test("has a headline and each notice its words", () => {
    for (const id of POSTURES) {
      const html = renderPage(FRAME, { ...status("x"), headline: { ...status("x").headline, id } });
      expect(html).toContain(`data-posture="${id}"`);
    }
    for (const notice of NOTICES) {
      expect(renderPage({ ...FRAME, notice }, { kind: "about" })).toMatch(/<p class="notice">[^<]+<\/p>/);
    }
  });
});

test("nothing is inline: no style, no script, no handler", () => {
  for (const html of [
    renderPage(FRAME, status("x")),
    renderPage(FRAME, { kind: "about" }),
    renderWrongHost(),
  ]) {
    expect(html).not.toMatch(/<style|style=|\son\w+=|<script(?! src="\/live.js")|javascript:/);
  }
});

test("the page for a wrong host is complete in itself", () => {
  expect(renderWrongHost()).not.toMatch(/href|src=/);
});
