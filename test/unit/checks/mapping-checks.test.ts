import { describe, expect, it } from "vitest";
import { agentExposed } from "../../../agent/checks/agent-exposed.ts";
import { portMappingToCamera } from "../../../agent/checks/port-mapping-to-camera.ts";
import { portMappingToOther } from "../../../agent/checks/port-mapping-to-other.ts";
import type { Check, Evidence, IgdFact, SiteMapping, SiteView } from "../../../agent/model/index.ts";
import { answered, brief, device, failed, input, mapping, notAsked, router, site } from "./builders.ts";

describe("port-mapping-to-camera", () => {
  const run = (part: Partial<SiteView>, on = device()) =>
    portMappingToCamera.run(input({ device: on, site: site(part) }));

  it("fails once for each mapping in use that leads to this camera", () => {
    const outcomes = run({
      mappings: [mapping(), mapping({ protocol: "UDP" }), mapping({ externalPort: 554, internalPort: 554 })],
    });
    expect(brief(outcomes)).toEqual(["fail TCP 8080", "fail UDP 8080", "fail TCP 554"]);
    expect(outcomes[0]).toMatchObject({ severity: "high", audience: "internet", values: { port: 8080 } });
    expect(outcomes[0]?.evidence).toEqual(['TCP 8080 -> 192.0.2.10:80 "camera"']);
  });

  it("has one subject where two routers hold the same entry", () => {
    const outcomes = run({ mappings: [mapping(), mapping({ routerId: "mac:020000000002" })] });
    expect(brief(outcomes)).toEqual(["fail TCP 8080"]);
    expect(outcomes[0]?.evidence).toHaveLength(2);
  });

  it("passes only for whole lists without any", () => {
    expect(brief(run({}))).toEqual(["pass"]);
    expect(brief(run({ mappings: [mapping({ enabled: false })] }))).toEqual(["pass"]);
    expect(brief(run({ mappings: [mapping({ deviceId: null })] }))).toEqual(["pass"]);
    expect(brief(run({ mappingLists: "partial" }))).toEqual(["unknown list-incomplete"]);
    expect(brief(run({ mappingLists: "none" }))).toEqual(["unknown no-router-answered"]);
    expect(brief(run({ mappingLists: "notchecked" }))).toEqual(["notchecked not-asked"]);
  });

  it("keeps the doubt beside what it found", () => {
    expect(brief(run({ mappings: [mapping()], mappingLists: "partial" }))).toEqual([
      "fail TCP 8080",
      "unknown list-incomplete",
    ]);
  });

  it("is for cameras and recorders", () => {
    expect(brief(run({ mappings: [mapping()] }, device({ kind: "other" })))).toEqual([
      "notapplicable other-kind",
    ]);
  });
});

function igd(part: Partial<IgdFact> = {}): Evidence {
  return {
    igd: answered<"igd">({
      version: 2,
      externalAddress: "198.51.100.7",
      connectionStatus: "Connected",
      mappings: [],
      complete: true,
      doubts: [],
      ipv6Firewall: null,
      ...part,
    }),
  };
}

function onRouter(check: Check, mappings: readonly SiteMapping[], evidence = igd(), on = router) {
  const nas = device({ id: "mac:02AABBCCDD50", kind: "other", names: ["Office NAS"] });
  return check.run(
    input({ device: on, evidence, site: site({ mappings, devices: [device(), router, nas] }) }),
  );
}

const toAgent = mapping({ internalClient: "192.0.2.5", deviceId: null, externalPort: 8888 });

describe("port-mapping-to-other", () => {
  it("fails for a mapping to another device, whatever its description says", () => {
    const entry = mapping({ deviceId: "mac:02AABBCCDD50", description: "IP camera" });
    const outcomes = onRouter(portMappingToOther, [entry, mapping()]);
    expect(brief(outcomes)).toEqual(["fail TCP 8080"]);
    expect(outcomes[0]?.values).toEqual({ port: 8080, target: "Office NAS" });
  });

  it("names the address where no device holds it", () => {
    const [outcome] = onRouter(portMappingToOther, [
      mapping({ deviceId: null, internalClient: "192.0.2.77" }),
    ]);
    expect(outcome?.values).toMatchObject({ target: "192.0.2.77" });
  });

  it("leaves cameras and our own page to their checks, but not our other ports", () => {
    expect(brief(onRouter(portMappingToOther, [mapping(), toAgent]))).toEqual(["pass"]);
    expect(brief(onRouter(portMappingToOther, [{ ...toAgent, internalPort: 22 }]))).toEqual([
      "fail TCP 8888",
    ]);
  });

  it("counts each router's own entries only", () => {
    const elsewhere = mapping({ deviceId: null, routerId: "mac:020000000002" });
    expect(brief(onRouter(portMappingToOther, [elsewhere]))).toEqual(["pass"]);
  });
});

describe("agent-exposed", () => {
  it("fails when the internet is led to our own page", () => {
    const outcomes = onRouter(agentExposed, [toAgent]);
    expect(brief(outcomes)).toEqual(["fail TCP 8888"]);
    expect(outcomes[0]).toMatchObject({ severity: "critical", audience: "internet" });
  });

  it("passes for other targets, other ports, and entries not in use", () => {
    const others = [mapping(), { ...toAgent, internalPort: 22 }, { ...toAgent, enabled: false }];
    expect(brief(onRouter(agentExposed, others))).toEqual(["pass"]);
  });
});

describe.each([portMappingToOther, agentExposed])("$id, the router's list", (check) => {
  it("cannot pass on a list that is not whole", () => {
    expect(brief(onRouter(check, [], igd({ complete: false, doubts: ["v1-fault"] })))).toEqual([
      "unknown list-incomplete",
    ]);
    expect(brief(onRouter(check, [], { igd: failed("malformed") }))).toEqual(["unknown malformed"]);
    expect(brief(onRouter(check, [], { igd: notAsked("not-applicable") }))).toEqual([
      "unknown no-router-answered",
    ]);
    expect(brief(onRouter(check, [], { igd: notAsked("deadline") }))).toEqual(["notchecked deadline"]);
    expect(brief(onRouter(check, [], {}))).toEqual(["notchecked not-asked"]);
  });

  it("is for routers", () => {
    expect(brief(onRouter(check, [toAgent], igd(), device()))).toEqual(["notapplicable other-kind"]);
  });
});
