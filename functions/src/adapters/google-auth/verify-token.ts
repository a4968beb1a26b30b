/** The account whose tokens are accepted, and their required audience. */
export interface TokenExpectation {
  readonly audience: string;
  readonly email: string;
  /** The address of the signing keys; Google's by default. */
  readonly certificatesUrl?: string;
}

/**
 * Verifies Google-signed OIDC tokens: signature, issuer, audience, expiry, and the expected, verified account. Resolves
 * to false for every other token; never throws. The library is loaded with the first token.
 */
export function tokenVerifier(expected: TokenExpectation): (token: string) => Promise<boolean> {
  let loading: Promise<(token: string) => Promise<boolean>> | undefined;
  return async (token) => {
    if (token.split('.').length !== 3) return false;
    loading ??= load(expected);
    const verify = await loading;
    return verify(token);
  };
}

async function load({
  audience,
  email,
  certificatesUrl,
}: TokenExpectation): Promise<(token: string) => Promise<boolean>> {
  const { OAuth2Client } = await import('google-auth-library');
  const endpoints = certificatesUrl === undefined ? {} : { oauth2FederatedSignonPemCertsUrl: certificatesUrl };
  const client = new OAuth2Client({ endpoints });
  return async (token) => {
    try {
      const ticket = await client.verifyIdToken({ idToken: token, audience });
      const payload = ticket.getPayload();
      return payload?.email_verified === true && payload.email === email;
    } catch {
      return false;
    }
  };
}
