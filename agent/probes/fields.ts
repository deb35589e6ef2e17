import { type Evidence, type FieldName, type Fields, factOf } from "../model/index.ts";

/** What the answers say about the maker, for the fingerprints. */
export function fieldsFrom(evidence: Evidence): Fields {
  const fields = new Map<FieldName, Set<string>>();
  const add = (name: FieldName, value: string | null | undefined) => {
    if (!value) return;
    fields.set(name, (fields.get(name) ?? new Set()).add(value));
  };
  for (const door of factOf(evidence, "web")?.doors ?? []) {
    add("http.server", door.server);
    add("http.title", door.title);
    add("http.realm", door.realm);
    add("http.body", door.bodyText);
    add("tls.subject", door.certificate?.subject);
  }
  for (const door of factOf(evidence, "rtsp")?.doors ?? []) {
    add("rtsp.server", door.server);
    add("rtsp.realm", door.realm);
    for (const { result, media } of door.describes) {
      if (result === "protected") add("rtsp.media", "unauthorized");
      for (const line of result === "open" ? media : []) add("rtsp.media", line);
    }
  }
  for (const { information, services } of factOf(evidence, "onvif") ?? []) {
    for (const namespace of services) add("onvif.service", namespace);
    add("onvif.manufacturer", information?.manufacturer);
    add("onvif.model", information?.model);
    add("onvif.firmware", information?.firmware);
  }
  for (const banner of factOf(evidence, "telnet")?.banners ?? []) add("telnet.banner", banner);
  return Object.fromEntries([...fields].map(([name, values]) => [name, [...values]]));
}
