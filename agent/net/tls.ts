import { constants } from "node:crypto";
import type { PeerCertificate, TLSSocket } from "node:tls";
import type { CertificateFact } from "../model/index.ts";

/** We look at the certificate, we do not rely on it; and old cameras offer only what is refused elsewhere today. */
export const ANY_TLS = {
  rejectUnauthorized: false,
  minVersion: "TLSv1",
  ciphers: "DEFAULT@SECLEVEL=0",
  secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
} as const;

/** What the other side showed; null when it showed nothing. Its texts are untrusted. */
export function certificateFact(socket: TLSSocket): CertificateFact | null {
  const certificate: Partial<PeerCertificate> = socket.getPeerCertificate();
  if (!certificate.fingerprint256) return null;
  const subject = distinguishedName(certificate.subject);
  const issuer = distinguishedName(certificate.issuer);
  return {
    subject,
    issuer,
    validTo: (certificate.valid_to ?? "").slice(0, 64),
    fingerprint256: certificate.fingerprint256,
    selfSigned: subject === issuer,
  };
}

/** `CN=…, O=…` in the certificate's own order; a part that stands twice is joined by "+". */
function distinguishedName(name: object | undefined): string {
  return Object.entries(name ?? {})
    .map(([type, value]) => `${type}=${[value].flat().join("+")}`)
    .join(", ")
    .slice(0, 256);
}
