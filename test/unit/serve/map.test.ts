import { describe, expect, test } from "vitest";
import type { SiteState } from "../../../agent/serve/index.ts";
import { mapOf } from "../../../agent/serve/view/map.ts";
import { sceneOf } from "../../../agent/serve/view/scene.ts";
import { statusPage } from "../../../agent/serve/view/status.ts";
import {
  CONSENT,
  crowd,
  device,
  finding,
  known,
  madeUpSite,
  NOW,
  nursery,
  outcome,
  report,
  state,
} from "./made-up-site.ts";

const sceneFor = (site: SiteState) => sceneOf(madeUpSite(site).options, NOW, "ja", "site");
const mapFor = (site: SiteState) => {
  const { map } = statusPage(sceneFor(site));
  if (!map) throw new Error("there is no map");
  return map;
};

describe("the map", () => {
  test("draws the open path through the router to the camera, the worst first", () => {
    const { outside, inside, upnp, stops } = mapFor(nursery());
    expect([outside, inside, upnp]).toEqual(["open", "open", true]);
    expect(stops[0]).toMatchObject({
      name: "園庭",
      mark: "emergency",
      outside: "open",
      inside: "open",
      ports: ["8554"],
    });
    expect(stops.map(({ factory }) => factory)).toEqual([false, true, false, false]);
    expect(stops.map(({ name, outside, inside }) => [name, outside, inside])).toEqual([
      ["園庭", "open", "open"],
      ["玄関", "unknown", "open"],
      ["MARK-MAKER MARK-MODEL-1", "none", "unknown"],
      ["職員室", "none", "asks"],
    ]);
  });

  test("draws a mapping to a camera that asks for a password up to its door only", () => {
    const id = "serial:acme:1";
    const mapping = outcome("port-mapping-to-camera", "fail", { audience: "internet", subject: "TCP 8081" });
    const good = [outcome("open-live-view", "pass"), outcome("default-credentials", "pass")];
    const site = state({
      report: report([device(id, { doors: ["http:80"], outcomes: [mapping, ...good] })]),
      findings: [finding("m", id, mapping)],
    });
    expect(mapFor(site).stops).toMatchObject([{ outside: "asks", inside: "asks", ports: ["8081"] }]);
  });

  test("draws what is no camera and can be reached from outside", () => {
    const other = outcome("port-mapping-to-other", "fail", {
      subject: "TCP 5001",
      values: { target: "NAS" },
    });
    const site = state();
    const { stops } = mapFor({ ...site, findings: [finding("o", "mac:02005E770009", other)] });
    expect(stops).toContainEqual(
      expect.objectContaining({
        kind: "other",
        name: "NAS",
        outside: "asks",
        inside: "none",
        ports: ["5001"],
      }),
    );
  });

  test("folds calm cameras into one stop, and never a path from outside", () => {
    const ids = Array.from({ length: 20 }, (_, index) => `serial:acme:${index}`);
    const good = ["open-live-view", "default-credentials", "port-mapping-to-camera"] as const;
    const mapping = outcome("port-mapping-to-camera", "fail", { subject: "TCP 8081" });
    const site = state({
      report: report(
        ids.map((id) =>
          device(id, { doors: ["http:80"], outcomes: good.map((check) => outcome(check, "pass")) }),
        ),
      ),
      known: ids.map((id) => known(id, { name: id })),
      findings: ids.slice(0, 3).map((id) => finding(`m${id}`, id, mapping)),
    });
    const { stops } = mapFor(site);
    expect(stops.filter(({ outside }) => outside === "asks")).toHaveLength(3);
    expect(stops.filter(({ kind }) => kind === "rest")).toMatchObject([
      { name: "ほかのカメラ12台", href: null },
    ]);
    expect(mapFor(crowd()).stops.every(({ kind }) => kind === "camera")).toBe(true);
  });

  test("is for nobody who has not signed in", () => {
    const open = sceneOf(madeUpSite(nursery()).options, NOW, "ja", "open");
    expect(statusPage(open).map).toBeNull();
    expect(mapOf(sceneFor(state({ consents: [CONSENT] })), []).stops).toEqual([]);
  });
});
