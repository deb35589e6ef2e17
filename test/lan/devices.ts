import type { Fixture, FixtureHttp, FixtureRoute } from "../../agent/model/index.ts";

/** Everything that a fixture must say, and a device that serves nothing. */
const SILENT: Fixture = {
  schema: "komainu/fixture/1",
  provenance: "synthetic",
  source: "written for the virtual LAN",
  checked: "2026-11-21",
  mac: "020000000000",
  announces: {},
  http: [],
  rtsp: [],
  onvif: [],
  logins: { http: "none", rtsp: "none", onvif: "none" },
  expected: { kind: "other", vendor: null, model: null, firmware: null, outcomes: [] },
};

/** A fixture of the cast's own: what no maker's recording covers. */
export function device(parts: Partial<Fixture>): Fixture {
  return { ...SILENT, ...parts };
}

export function page(title: string, server: string, ...more: readonly FixtureRoute[]): FixtureRoute[] {
  const body = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return [
    { path: "/", status: 200, headers: { Server: server, "Content-Type": "text/html" }, body },
    ...more,
  ];
}

export function web(port: number, routes: readonly FixtureRoute[]): FixtureHttp {
  return { port, routes };
}

type MdnsService = NonNullable<Fixture["announces"]["mdns"]>["services"][number];

export function mdns(
  host: string,
  ...services: readonly MdnsService[]
): NonNullable<Fixture["announces"]["mdns"]> {
  return { host, services };
}
