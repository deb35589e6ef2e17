import { FIELD_NAMES, type FieldName, type Fields, type Fixture } from "../agent/model/index.ts";

/** What a scan without any login could learn from the device of this fixture. */
export function fixtureFields(fixture: Fixture): Fields {
  const values = [...announced(fixture), ...asked(fixture)];
  const fields: { [Name in FieldName]?: string[] } = { mac: [fixture.mac] };
  for (const name of FIELD_NAMES) {
    const seen = values.flatMap(([field, value]) => (field === name && value ? [value] : []));
    if (seen.length > 0) fields[name] = [...new Set(seen)];
  }
  return fields;
}

type Seen = readonly [FieldName, string | null | undefined];

function announced({ announces: { wsDiscovery, mdns, ssdp } }: Fixture): readonly Seen[] {
  const scopes = (wsDiscovery?.scopes ?? []).map((scope) => decodeURIComponent(scope));
  const named = (kind: string) =>
    scopes.map((scope) => new RegExp(`^onvif://www\\.onvif\\.org/${kind}/(.+)$`).exec(scope)?.[1]);
  return [
    ["onvif.types", wsDiscovery?.types],
    ...scopes.map((scope): Seen => ["onvif.scope", scope]),
    ...named("name").map((value): Seen => ["onvif.name", value]),
    ...named("hardware").map((value): Seen => ["onvif.hardware", value]),
    ["mdns.host", mdns?.host],
    ...(mdns?.services ?? []).flatMap(({ type, instance, txt }): Seen[] => [
      ["mdns.service", type],
      ["mdns.instance", instance],
      ...Object.entries(txt).map(([key, value]): Seen => ["mdns.txt", `${key}=${value}`]),
    ]),
    ["ssdp.server", ssdp?.server],
    ["upnp.deviceType", ssdp?.deviceType],
    ["upnp.manufacturer", ssdp?.description.manufacturer],
    ["upnp.modelName", ssdp?.description.modelName],
    ["upnp.friendlyName", ssdp?.description.friendlyName],
  ];
}

function asked({ http, rtsp, onvif, telnet }: Fixture): readonly Seen[] {
  return [
    ...http.flatMap(({ authentication, routes, tls }): Seen[] => {
      const front = routes.find(({ path }) => path === "/") ?? routes.find(({ path }) => path === "*");
      const body = front?.login !== true && typeof front?.body === "string" ? front.body : "";
      return [
        ["http.server", front?.headers?.Server],
        ["http.realm", front?.login === true ? authentication?.realm : null],
        ["http.title", /<title>([^<]*)<\/title>/.exec(body)?.[1]],
        ["http.body", body],
        ["tls.subject", tls?.subject],
      ];
    }),
    ...rtsp.flatMap(({ server, authentication }): Seen[] => [
      ["rtsp.server", server],
      ["rtsp.realm", authentication?.realm],
    ]),
    ...onvif
      .filter(
        ({ authentication, anonymousCalls }) =>
          authentication === "none" || anonymousCalls?.includes("GetDeviceInformation"),
      )
      .flatMap(({ information }): Seen[] => [
        ["onvif.manufacturer", information.manufacturer],
        ["onvif.model", information.model],
        ["onvif.firmware", information.firmware],
      ]),
    ["telnet.banner", telnet?.banner],
  ];
}
