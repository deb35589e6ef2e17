import { cleanText, type GatewayFact, type GatewayForward, macDigits } from "../../model/index.ts";
import { familyOf, isAddressText } from "./addresses.ts";

/** Lines of a lease file that are taken; more than any home or shop has. */
const MAX_LEASES = 4096;

const isPort = (text: string) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;

/**
 * miniupnpd's `lease_file`: `PROTOCOL:EXTERNAL PORT:ADDRESS:PORT:END:DESCRIPTION`, the end in Unix seconds and 0 for none
 * (upnpredirect.c of 2.3). It does not tell who outside may use the mapping. `now` in milliseconds.
 */
export function parseMiniupnpdLeases(text: string, now: number): readonly GatewayForward[] {
  return text.split("\n", MAX_LEASES).flatMap((line) => {
    const match = /^(TCP|UDP):(\d{1,5}):([0-9.]{7,15}):(\d{1,5}):(\d{1,10}):(.*)$/.exec(line.slice(0, 512));
    const [, protocol, external = "", address = "", internal = "", end = "", description = ""] = match ?? [];
    if (!isPort(external) || !isPort(internal) || !isAddressText(address)) return [];
    if (end !== "0" && Number(end) * 1000 <= now) return [];
    const port = Number(external);
    return [
      {
        source: "miniupnpd",
        family: 4,
        protocol: protocol === "UDP" ? "UDP" : "TCP",
        externalPorts: { from: port, to: port },
        remoteHost: "",
        internalAddress: address,
        internalPort: Number(internal),
        comment: cleanText(description),
      },
    ];
  });
}

/** The value of `lease_file=` in miniupnpd.conf, or of `dhcp-leasefile=` in dnsmasq's; the last one counts. */
export function configuredPath(config: string, option: "lease_file" | "dhcp-leasefile"): string | null {
  const lines = config.split("\n", 10_000).map((line) => line.slice(0, 1000).trim());
  const values = lines.flatMap((line) => {
    const [name = "", ...rest] = line.split("=");
    const value = rest
      .join("=")
      .replace(/\s#.*$/, "")
      .trim();
    return name.trim() === option && /^\/[\x21-\x7e]+$/.test(value) ? [value] : [];
  });
  return values.at(-1) ?? null;
}

/**
 * dnsmasq's lease file: `END MAC ADDRESS NAME CLIENT-ID`, `*` for no name (as 2.90 writes it). The lines of DHCPv6 have
 * an IAID where the MAC would be, and are left out.
 */
export function parseDnsmasqLeases(text: string): GatewayFact["leases"] {
  return text.split("\n", MAX_LEASES).flatMap((line) => {
    const [end = "", hardware = "", address = "", name = ""] = line.slice(0, 1024).trim().split(/\s+/);
    // `01-02:…` names the type of network where it is not Ethernet.
    const mac =
      /^\d+$/.test(end) && hardware.includes(":") ? macDigits(hardware.replace(/^\d\d-/, "")) : null;
    if (mac === null || !isAddressText(address) || familyOf(address) !== 4) return [];
    return [{ address, mac, name: name === "*" ? "" : cleanText(name) }];
  });
}
