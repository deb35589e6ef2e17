import { describe, expect, it } from "vitest";
import { anonymousAccess } from "../../../agent/checks/anonymous-access.ts";
import { routerUpnpEnabled } from "../../../agent/checks/router-upnp-enabled.ts";
import { telnetOpen } from "../../../agent/checks/telnet-open.ts";
import { unencryptedAccess } from "../../../agent/checks/unencrypted-access.ts";
import type { Check, Device, Evidence, PortState } from "../../../agent/model/index.ts";
import {
  answered,
  brief,
  device,
  failed,
  guarded,
  input,
  login,
  mapping,
  notAsked,
  onvif,
  router,
  rtspDoor,
  site,
  webDoor,
} from "./builders.ts";

const run = (check: Check, evidence: Evidence, part = {}) =>
  check.run(input({ evidence: { ...guarded, ...evidence }, ...part }));
const onOther = { device: device({ kind: "other" }) };

describe("anonymous-access", () => {
  const having = (...facts: ReturnType<typeof onvif>[]) => ({ onvif: answered<"onvif">(facts) });

  it("fails for media requests answered without a login, less gravely for the model alone", () => {
    const media = run(anonymousAccess, having(onvif({ GetProfiles: "answered" })));
    expect(brief(media)).toEqual(["fail onvif:80"]);
    expect(media[0]?.severity).toBe("medium");
    const model = run(anonymousAccess, having(onvif({ GetDeviceInformation: "answered" })));
    expect(brief(model)).toEqual(["fail onvif:80"]);
    expect(model[0]?.severity).toBe("low");
  });

  it("fails where any password will do", () => {
    const door = { protocol: "onvif", port: 80 } as const;
    const logins = answered<"logins">({ doors: [login({ door, result: "open-view" })], because: null });
    expect(brief(run(anonymousAccess, { logins }))).toEqual(["fail onvif:80 any-password"]);
  });

  it("passes when it refused, is unknown when a call broke off or only faulted", () => {
    expect(brief(run(anonymousAccess, {}))).toEqual(["pass"]);
    expect(brief(run(anonymousAccess, having(onvif({ GetStreamUri: "failed" }))))).toEqual([
      "unknown unclear",
    ]);
    const faults = onvif({
      GetDeviceInformation: "fault",
      GetProfiles: "fault",
      GetSnapshotUri: "fault",
      GetStreamUri: "fault",
    });
    expect(brief(run(anonymousAccess, having(faults)))).toEqual(["unknown unclear"]);
  });

  it("does not apply without ONVIF, and tells the states apart", () => {
    expect(brief(run(anonymousAccess, having()))).toEqual(["notapplicable no-onvif"]);
    expect(brief(run(anonymousAccess, {}, onOther))).toEqual(["notapplicable other-kind"]);
    expect(brief(run(anonymousAccess, { onvif: failed("malformed") }))).toEqual(["unknown malformed"]);
    expect(brief(run(anonymousAccess, { onvif: notAsked() }))).toEqual(["notchecked no-consent"]);
  });
});

describe("telnet-open", () => {
  const states = (all: Record<number, PortState>) => ({ ports: answered<"ports">({ states: all }) });

  it("fails at each port that speaks Telnet", () => {
    const telnet = answered<"telnet">({ ports: [23, 2323] });
    expect(brief(run(telnetOpen, { telnet }))).toEqual(["fail telnet:23", "fail telnet:2323"]);
    const mapped = { site: site({ mappings: [mapping({ internalPort: 23 })] }) };
    expect(run(telnetOpen, { telnet }, mapped)[0]).toMatchObject({ severity: "critical" });
  });

  it("passes when the port was asked and is closed on a device that answers", () => {
    expect(brief(run(telnetOpen, {}))).toEqual(["pass"]);
    expect(brief(run(telnetOpen, states({ 23: "silent", 80: "open" })))).toEqual(["pass"]);
    expect(brief(run(telnetOpen, states({ 23: "silent", 80: "silent" })))).toEqual(["unknown timeout"]);
    expect(brief(run(telnetOpen, states({ 80: "open" })))).toEqual(["unknown door-not-asked"]);
    expect(brief(run(telnetOpen, states({ 23: "open" })))).toEqual(["unknown unclear"]);
  });

  it("tells the other states apart", () => {
    expect(brief(run(telnetOpen, { telnet: failed() }))).toEqual(["unknown timeout"]);
    expect(brief(run(telnetOpen, { ports: notAsked("deadline") }))).toEqual(["notchecked deadline"]);
    expect(brief(run(telnetOpen, {}, onOther))).toEqual(["notapplicable other-kind"]);
  });
});

describe("unencrypted-access", () => {
  const https = webDoor({ door: { protocol: "https", port: 443 } });
  const having = (web: ReturnType<typeof webDoor>[], rtsp: ReturnType<typeof rtspDoor>[]) => ({
    web: answered<"web">({ doors: web }),
    rtsp: answered<"rtsp">({ doors: rtsp }),
  });

  it("fails where a password is asked for without encryption", () => {
    expect(brief(run(unencryptedAccess, {}))).toEqual(["fail http:80"]);
    const basic = rtspDoor(["protected"], { schemes: ["basic"] });
    expect(brief(run(unencryptedAccess, having([https], [basic])))).toEqual(["fail rtsp:554"]);
  });

  it("passes for encrypted pages, or plain ones without a login", () => {
    expect(brief(run(unencryptedAccess, having([https], [rtspDoor(["protected"])])))).toEqual(["pass"]);
    const redirect = webDoor({ status: 301, schemes: [], asksPassword: false });
    expect(brief(run(unencryptedAccess, having([redirect, https], [])))).toEqual(["pass"]);
  });

  it("does not pass while a door kept silent", () => {
    const [unclear] = rtspDoor(["unclear"]).describes;
    const silent = rtspDoor([], {
      server: null,
      schemes: [],
      describes: unclear ? [{ ...unclear, status: null }] : [],
    });
    expect(brief(run(unencryptedAccess, having([https], [silent])))).toEqual(["unknown door-not-asked"]);
    const web = answered<"web">({ doors: [https], unanswered: [{ port: 80, reason: "timeout" }] });
    expect(brief(run(unencryptedAccess, { ...having([], []), web }))).toEqual(["unknown door-not-asked"]);
  });

  it("tells the other states apart", () => {
    expect(brief(run(unencryptedAccess, having([], [])))).toEqual(["unknown no-door"]);
    expect(brief(run(unencryptedAccess, { web: failed("reset") }))).toEqual(["unknown reset"]);
    expect(brief(run(unencryptedAccess, { rtsp: failed("reset") }))).toEqual([
      "fail http:80",
      "unknown reset",
    ]);
    expect(brief(run(unencryptedAccess, { web: notAsked() }))).toEqual(["notchecked no-consent"]);
    expect(brief(run(unencryptedAccess, {}, onOther))).toEqual(["notapplicable other-kind"]);
  });
});

describe("router-upnp-enabled", () => {
  const igd = answered<"igd">({
    version: 1,
    externalAddress: null,
    connectionStatus: null,
    mappings: [],
    complete: false,
    doubts: ["v1-fault"],
    ipv6Firewall: null,
  });
  const quiet: Device = { ...router, services: [] };
  const judged = (on: Device, evidence: Evidence, devices: readonly Device[] = [on]) =>
    brief(routerUpnpEnabled.run(input({ device: on, evidence, site: site({ devices }) })));

  it("fails when IGD answered, even with a broken list", () => {
    expect(judged(router, { igd })).toEqual(["fail"]);
  });

  it("passes only where the search is known to arrive", () => {
    const television = device({ kind: "other", fields: { "ssdp.st": ["urn:dial"] } });
    const elsewhere = { ...television, addresses: [{ address: "198.51.100.3", interface: "eth1" }] };
    const nothing: Evidence = { igd: notAsked("not-applicable") };
    expect(judged(quiet, nothing, [quiet, television])).toEqual(["pass"]);
    expect(judged({ ...quiet, fields: { "ssdp.server": ["x"] } }, nothing)).toEqual(["pass"]);
    expect(judged(quiet, nothing)).toEqual(["unknown no-upnp-answer"]);
    expect(judged(quiet, nothing, [quiet, elsewhere])).toEqual(["unknown no-upnp-answer"]);
  });

  it("tells the other states apart", () => {
    expect(judged(router, { igd: failed("malformed") })).toEqual(["unknown malformed"]);
    expect(judged(router, { igd: notAsked("not-applicable") })).toEqual(["unknown unclear"]);
    expect(judged(quiet, { igd: notAsked("cancelled") })).toEqual(["notchecked cancelled"]);
    expect(judged(device(), { igd })).toEqual(["notapplicable other-kind"]);
  });
});
