import { type Answer, success } from "../model/index.ts";
import type { Challenge } from "./authentication.ts";
import { httpRequest } from "./http.ts";
import type { DeviceLine } from "./line.ts";
import { element, type Markup } from "./markup.ts";
import { elements, parseXml, textAt, textsAt, type XmlElement } from "./xml.ts";

export type SoapVersion = "1.1" | "1.2";

export interface SoapCall {
  readonly port: number;
  readonly tls?: boolean;
  readonly path: string;
  readonly version: SoapVersion;
  /** SOAPAction of version 1.1, `action` parameter of the media type in 1.2. */
  readonly action: string;
  readonly header?: Markup;
  readonly body: Markup;
  /** `Authorization` field of HTTP. */
  readonly authorization?: string;
  readonly deadlineMs: number;
}

export interface SoapFault {
  /** Local names of the code and its subcodes, outermost first, e.g. `["Sender", "NotAuthorized"]`. */
  readonly codes: readonly string[];
  readonly reason: string;
  /** Numeric code and text of a UPnPError (UPnP Device Architecture 2.0, 3.2.5). */
  readonly upnpError: { readonly code: number; readonly description: string } | null;
}

export interface SoapReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly challenges: readonly Challenge[];
  /** Content of soap:Body; null when the answer holds no whole SOAP envelope. */
  readonly body: XmlElement | null;
  readonly fault: SoapFault | null;
  /** True when the answer was longer than is read, or broke off. */
  readonly truncated: boolean;
  /** The answer as text, capped, for signs in words. */
  readonly text: string;
}

const NAMESPACES: Readonly<Record<SoapVersion, string>> = {
  "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
  "1.2": "http://www.w3.org/2003/05/soap-envelope",
};
const MAX_TEXT = 2048;

/** One SOAP request over HTTP POST. What is not SOAP is an answer all the same: `body` is null and the status tells. */
export async function soapCall(line: DeviceLine, call: SoapCall): Promise<Answer<SoapReply>> {
  const answer = await httpRequest(line, {
    port: call.port,
    tls: call.tls ?? false,
    method: "POST",
    path: call.path,
    headers: {
      ...contentType(call),
      ...(call.authorization === undefined ? {} : { Authorization: call.authorization }),
    },
    body: envelope(call),
    deadlineMs: call.deadlineMs,
  });
  if (!answer.ok) return answer;
  const { status, headers, challenges, body, truncated } = answer.value;
  const content = truncated ? null : soapBody(body);
  return success({
    status,
    headers,
    challenges,
    body: content,
    fault: content === null ? null : soapFault(content),
    truncated,
    text: body.toString("utf8", 0, MAX_TEXT),
  });
}

function contentType(call: SoapCall): Record<string, string> {
  return call.version === "1.1"
    ? { "Content-Type": 'text/xml; charset="utf-8"', SOAPAction: `"${call.action}"` }
    : { "Content-Type": `application/soap+xml; charset=utf-8; action="${call.action}"` };
}

function envelope(call: SoapCall): string {
  const parts = call.header === undefined ? [] : [element("s:Header", {}, call.header)];
  const root = element(
    "s:Envelope",
    {
      "xmlns:s": NAMESPACES[call.version],
      // UPnP Device Architecture 2.0, 3.2.1 wants it; SOAP 1.2 forbids it there.
      ...(call.version === "1.1" ? { "s:encodingStyle": "http://schemas.xmlsoap.org/soap/encoding/" } : {}),
    },
    ...parts,
    element("s:Body", {}, call.body),
  );
  return `<?xml version="1.0" encoding="utf-8"?>${root.markup}`;
}

function soapBody(document: Buffer): XmlElement | null {
  const parsed = parseXml(document);
  return parsed.ok ? (elements(parsed.value, "Envelope", "Body")[0] ?? null) : null;
}

/** SOAP 1.2 part 1, 5.4 and SOAP 1.1, 4.4. */
function soapFault(body: XmlElement): SoapFault | null {
  const fault = elements(body, "Fault")[0];
  if (fault === undefined) return null;
  const codes = [
    ...textsAt(fault, ["faultcode"], 128),
    ...textsAt(fault, ["Code", "Value"], 128),
    ...textsAt(fault, ["Code", "Subcode", "Value"], 128),
    ...textsAt(fault, ["Code", "Subcode", "Subcode", "Value"], 128),
  ];
  const number = textAt(fault, ["detail", "UPnPError", "errorCode"], 16);
  return {
    codes: codes.slice(0, 8).map((code) => code.replace(/^.*:/, "")),
    reason: textAt(fault, ["Reason", "Text"], 256) ?? textAt(fault, ["faultstring"], 256) ?? "",
    upnpError:
      number === null || !/^\d{1,5}$/.test(number)
        ? null
        : {
            code: Number(number),
            description: textAt(fault, ["detail", "UPnPError", "errorDescription"], 128) ?? "",
          },
  };
}
