import { randomBytes } from "node:crypto";
import {
  type Device,
  type Evidence,
  type Facts,
  FIXTURE_SCHEMA,
  type Fixture,
  type FixtureHttp,
  type FixtureRoute,
  type FixtureRtsp,
  type Outcome,
  type PictureFact,
  type QuestionId,
} from "../model/index.ts";

/**
 * One real device as a fixture: what it announced and answered, without what would name the owner. The last half of
 * the MAC, serial numbers, uuids and addresses are made up anew; names that the owner typed are dropped; a text that
 * still holds one of the device's own marks after that makes the recording fail, it is never written half redacted.
 * Errors: throws when a mark would be left.
 */
export function fixtureOf(
  device: Device,
  evidence: Evidence,
  outcomes: readonly Outcome[],
  day: string,
): Fixture {
  const redact = redactor(device, evidence);
  const fixture: Fixture = {
    schema: FIXTURE_SCHEMA,
    provenance: "recorded",
    source: "komainu record",
    checked: day,
    mac: redact.mac,
    announces: announcesOf(device),
    http: httpOf(evidence),
    rtsp: rtspOf(evidence),
    onvif: onvifOf(evidence),
    ...telnetOf(evidence),
    logins: loginsOf(evidence),
    expected: {
      kind: device.kind,
      vendor: device.vendor,
      model: device.model,
      firmware: device.firmware,
      outcomes: outcomes.map(({ check, outcome, subject }) => ({
        check,
        outcome,
        ...(subject !== "" && { subject }),
      })),
    },
  };
  return redact.whole(fixture);
}

interface Redactor {
  readonly mac: string;
  whole(fixture: Fixture): Fixture;
}

function redactor(device: Device, evidence: Evidence): Redactor {
  const digits = (device.mac ?? "").replaceAll(":", "").toUpperCase();
  const mac = (digits.slice(0, 6) || "020000") + randomBytes(3).toString("hex").toUpperCase();
  const marks = new Map<string, string>();
  const mark = (text: string | undefined, replacement: string) => {
    if (text !== undefined && text.length >= 4) marks.set(text, replacement);
  };
  for (const [own, made] of macForms(digits, mac)) mark(own, made);
  for (const { kind, value } of device.stableIds) {
    if (kind === "endpoint") mark(value.replace(/^urn:uuid:/, ""), "00000000-0000-4000-8000-000000000000");
    if (kind === "serial") mark(value.split(":").at(-1), "SERIAL0000");
  }
  mark(device.fields["upnp.serialNumber"]?.[0], "SERIAL0000");
  for (const fact of answered(evidence, "onvif") ?? []) mark(fact.information?.serial, "SERIAL0000");
  for (const { address } of device.addresses) mark(address, "{address}");
  const ordered = [...marks].sort(([a], [b]) => b.length - a.length);
  return {
    mac,
    whole(fixture) {
      let text = JSON.stringify(fixture);
      for (const [own, made] of ordered) text = text.replaceAll(new RegExp(escapeRegex(own), "giu"), made);
      const left = ordered.find(([own]) => text.toLowerCase().includes(own.toLowerCase()));
      if (left) throw new Error("the recording would still name the device; nothing was written");
      return JSON.parse(text) as Fixture;
    },
  };
}

function macForms(digits: string, made: string): [string, string][] {
  if (digits.length !== 12) return [];
  const joined = (text: string, by: string) => (text.match(/../g) ?? []).join(by);
  // The last half alone stands in many host names.
  return [
    ...["", ":", "-"].map((by): [string, string] => [joined(digits, by), joined(made, by)]),
    [digits.slice(6), made.slice(6)],
  ];
}

function announcesOf(device: Device): Fixture["announces"] {
  const { fields } = device;
  const endpoint = device.stableIds.find(({ kind }) => kind === "endpoint")?.value;
  const onvif = device.services.find(({ protocol }) => protocol === "onvif");
  const scopes = (fields["onvif.scope"] ?? []).filter((scope) => !/\/(location|name)\//.test(scope));
  return {
    ...(onvif &&
      endpoint && {
        wsDiscovery: {
          endpoint,
          types: (fields["onvif.types"] ?? []).join(" "),
          scopes,
          xaddrs: [`http://{address}:${onvif.port}${onvif.path}`],
        },
      }),
    ...mdnsOf(device),
    ...(fields["ssdp.server"]?.[0] !== undefined &&
      endpoint && {
        ssdp: {
          server: fields["ssdp.server"][0],
          uuid: endpoint.replace(/^urn:uuid:|^uuid:/, ""),
          deviceType: fields["upnp.deviceType"]?.[0] ?? "upnp:rootdevice",
          port: 49152,
          path: "/description.xml",
          description: Object.fromEntries(
            (["manufacturer", "modelName", "modelNumber", "modelDescription"] as const).flatMap((name) => {
              const value = fields[`upnp.${name}`]?.[0];
              return value === undefined ? [] : [[name, value]];
            }),
          ),
        },
      }),
  };
}

function mdnsOf(device: Device): Pick<Fixture["announces"], "mdns"> {
  const types = device.fields["mdns.service"] ?? [];
  if (types.length === 0) return {};
  const txt = Object.fromEntries((device.fields["mdns.txt"] ?? []).map((pair) => splitPair(pair)));
  const instance = device.model ?? device.vendor ?? "device";
  const port = (type: string) =>
    device.services.find(({ protocol }) => type.startsWith(`_${protocol}`))?.port ?? 80;
  const services = types.map((type) => ({ type, instance, port: port(type), txt }));
  return { mdns: { host: "device.local", services } };
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}

function answered<Q extends QuestionId>(evidence: Evidence, question: Q): Facts[Q] | null {
  const entry = evidence[question];
  return entry?.asked && entry.answer.ok ? (entry.answer.value as Facts[Q]) : null;
}

function httpOf(evidence: Evidence): FixtureHttp[] {
  const pictures = answered(evidence, "pictures")?.asked ?? [];
  return (answered(evidence, "web")?.doors ?? []).map((web) => {
    const schemes = web.schemes.includes("digest") ? (["digest-md5"] as const) : (["basic"] as const);
    const front: FixtureRoute = {
      path: "/",
      status: web.status,
      headers: { ...(web.server !== null && { Server: web.server }), "Content-Type": "text/html" },
      ...(web.title !== null && {
        body: `<html><head><title>${escapeHtml(web.title)}</title></head></html>`,
      }),
      ...(web.status === 401 && { login: true }),
    };
    const own = pictures.filter(({ door }) => door.port === web.door.port).flatMap(pictureRoute);
    return {
      port: web.door.port,
      ...(web.certificate && { tls: { subject: web.certificate.subject } }),
      ...(web.realm !== null && { authentication: { schemes, realm: web.realm } }),
      routes: [front, ...own],
    };
  });
}

function pictureRoute({ path, result, status, signature }: PictureFact): FixtureRoute[] {
  const plain = path.split("?")[0] ?? path;
  if (result === "protected") return [{ path: plain, status: status ?? 401, login: true }];
  if (result !== "open") return [];
  return [{ path: plain, status: 200, body: { builtin: signature === "multipart-jpeg" ? "mjpeg" : "jpeg" } }];
}

function rtspOf(evidence: Evidence): FixtureRtsp[] {
  return (answered(evidence, "rtsp")?.doors ?? []).map(({ door, server, realm, schemes, describes }) => ({
    port: door.port,
    server,
    ...(realm !== null && {
      authentication: { schemes: [schemes.includes("digest") ? "digest-md5" : "basic"] as const, realm },
    }),
    paths: describes
      .filter(({ result }) => result === "open" || result === "protected")
      .map(({ path, media }) => ({ path, media: media.length > 0 ? media : ["video H264"] })),
  }));
}

function onvifOf(evidence: Evidence): Fixture["onvif"] {
  return (answered(evidence, "onvif") ?? []).map((fact) => ({
    port: fact.door.port,
    path: fact.path,
    authentication: fact.authentication ?? "none",
    clockOffset: fact.clockOffset ?? 0,
    information: fact.information ?? { manufacturer: "", model: "", firmware: "", serial: "" },
    ...(fact.snapshot && { snapshotPath: fact.snapshot.path }),
    ...(fact.stream && { streamPath: fact.stream.path }),
  }));
}

function telnetOf(evidence: Evidence): Pick<Fixture, "telnet"> {
  const port = answered(evidence, "telnet")?.ports[0];
  return port === undefined ? {} : { telnet: { port, banner: "login: " } };
}

/** A login that worked is kept as its place in the vendor file; one that did not is only known to be another. */
function loginsOf(evidence: Evidence): Fixture["logins"] {
  const doors = answered(evidence, "logins")?.doors ?? [];
  const at = (protocols: readonly string[]) => {
    const fact = doors.find(({ door }) => protocols.includes(door.protocol));
    if (!fact) return "none" as const;
    return fact.result === "accepted" && fact.login
      ? Number(fact.login.split("/").at(-1))
      : ("changed" as const);
  };
  return { http: at(["http", "https"]), rtsp: at(["rtsp"]), onvif: at(["onvif"]) };
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
