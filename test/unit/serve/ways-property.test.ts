import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CONNECTION_KINDS,
  type InboundPath,
  MEND_ACTIONS,
  MEND_RESULTS,
  type MendRecord,
  PATH_GROUNDS,
  type RouterView,
} from "../../../agent/model/index.ts";
import { closePage } from "../../../agent/serve/view/close.ts";
import { findingPage } from "../../../agent/serve/view/finding.ts";
import { outsidePage } from "../../../agent/serve/view/outside.ts";
import { frameOf, sceneOf } from "../../../agent/serve/view/scene.ts";
import { renderPage } from "../../../web-ui/index.ts";
import { ANSWERED, closing, path, ROUTER, reached, router, withReach, YARD } from "./made-up-reach.ts";
import { HOSTILE, madeUpSite, NOW } from "./made-up-site.ts";

/** What shows that a value was missing where a word was wanted. */
const GAPS = /undefined|NaN|\[object/;
const said = fc
  .oneof(fc.constant(HOSTILE), fc.string(), fc.string({ unit: "binary" }))
  .filter((text) => !GAPS.test(text));
const id = fc.oneof(fc.constantFrom(YARD, ROUTER, "serial:acme:4"), said);
const port = fc.option(fc.nat(65_535));

const inbound: fc.Arbitrary<InboundPath> = fc
  .record({
    family: fc.constantFrom(4, 6),
    protocol: fc.constantFrom("TCP", "UDP"),
    externalPort: port,
    externalAddress: fc.option(said),
    remoteHost: fc.oneof(fc.constant(""), said),
    routerId: fc.option(id),
    deviceId: fc.option(id),
    candidates: fc.array(id, { maxLength: 3 }),
    internalAddress: fc.option(said),
    internalPort: port,
    enabled: fc.boolean(),
    grounds: fc.subarray([...PATH_GROUNDS], { minLength: 1 }),
    description: said,
    closable: fc.constantFrom("mapping", "pinhole", null),
  })
  .chain((one) => fc.nat(9).map((uniqueId) => (one.closable === "pinhole" ? { ...one, uniqueId } : one)));

const routers: fc.Arbitrary<RouterView> = fc
  .record({
    routerId: id,
    igdVersion: fc.constantFrom(1, 2, null),
    externalAddress: fc.option(said),
    connection: fc.constantFrom(...CONNECTION_KINDS),
    maybeShared: fc.boolean(),
    doubts: fc.array(said, { maxLength: 3 }),
  })
  .map((one) => router(one));

const mends: fc.Arbitrary<MendRecord> = fc
  .record({
    id: fc.uuid(),
    action: fc.constantFrom(...MEND_ACTIONS),
    result: fc.constantFrom(...MEND_RESULTS),
    by: said,
    detail: said,
    code: fc.option(fc.nat(999)),
    confirmedOutside: fc.constantFrom(true, false, null),
  })
  .map((one) => closing(one));

test("whatever is known of ways in, every page of them can be made, and no word of it becomes markup", () => {
  fc.assert(
    fc.property(
      fc.array(inbound, { maxLength: 6 }),
      fc.array(routers, { maxLength: 3 }),
      fc.array(mends, { maxLength: 4 }),
      fc.constantFrom("site", "contractor", "control"),
      fc.constantFrom("ja", "en"),
      (paths, views, clicks, viewer, language) => {
        const site = withReach(reached(paths, { mends: clicks }), {
          paths,
          routers: views,
          questions: ANSWERED,
        });
        const scene = sceneOf(madeUpSite(site).options, NOW, language, viewer);
        const finding = site.findings[0];
        if (!finding) throw new Error("there is no finding");
        const close = closePage(scene, finding);
        const pages = [findingPage(scene, finding), outsidePage(scene), ...(close ? [close] : [])];
        for (const page of pages) {
          const html = renderPage(frameOf(scene, null), page);
          expect(html).not.toMatch(/<script(?! src="\/live.js")|<img src=x/);
          expect(html).not.toMatch(GAPS);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("a click never reaches for an entry that the page did not show", () => {
  fc.assert(
    fc.property(fc.array(inbound, { maxLength: 6 }), (paths) => {
      const site = reached([path(), ...paths]);
      const scene = sceneOf(madeUpSite(site).options, NOW, "ja", "site");
      const finding = site.findings[0];
      const shown = finding && closePage(scene, finding);
      const closable = [path(), ...paths].filter((one) => one.closable !== null);
      expect(shown?.paths.filter((one) => one.closable !== null)).toHaveLength(closable.length);
      expect(new Set(shown?.paths.map(({ key }) => key)).size).toBe(paths.length + 1);
    }),
  );
});
