import { describe, expect, it } from "vitest";
import { CHECK_IDS, type CheckId } from "../../../agent/model/index.ts";
import { questionsOf } from "../../../agent/recheck.ts";

const NEED_LOGINS: readonly CheckId[] = ["default-credentials"];
const OF_WAYS: readonly CheckId[] = [
  "port-mapping-to-camera",
  "port-mapping-to-other",
  "reachable-from-internet",
  "ipv6-reachable",
  "agent-exposed",
];

describe("what is asked to settle one check anew", () => {
  it.each(CHECK_IDS)("%s: something, and a login only where it is about logins", (id) => {
    const { ofRouters, ofDevice, ofSite } = questionsOf(id);
    expect(ofDevice.size).toBeGreaterThan(0);
    if (ofDevice.has("logins")) expect(ofRouters).toBe(false);
    if (!NEED_LOGINS.includes(id) && id !== "open-live-view") expect(ofDevice.has("logins")).toBe(false);
    expect(ofSite.size > 0).toBe(OF_WAYS.includes(id));
  });

  it.each(OF_WAYS)("%s: the routers, and never a camera's own doors", (id) => {
    const { ofRouters, ofDevice } = questionsOf(id);
    expect(ofRouters).toBe(true);
    expect([...ofDevice].sort()).toEqual(["igd", "portControl"]);
  });

  it("a closed entry is looked at from every side that is switched on", () => {
    expect([...questionsOf("port-mapping-to-camera").ofSite]).toEqual(["gateway", "hairpin", "vantage"]);
  });
});
