/** One call to the outside, through the guard: private addresses are refused, sizes and times are bounded. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The most bytes of body to accept after decompression; 5 MB by default. */
  readonly maxBytes?: number;
  /** How many redirects to follow, each checked like the first address; 0 by default. */
  readonly maxRedirects?: number;
}

/** What the other side answered. Header names are in lowercase. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly durationMs: number;
  /** The address that answered, after redirects. */
  readonly url: string;
}

/** Calls the outside. */
export interface HttpClient {
  /**
   * Resolves for every status. Throws `address_blocked` (guard), `timeout`, `unavailable` (no answer, TLS, reset),
   * `rejected` (body too large, undecodable, too many redirects), `input_invalid` (malformed URL, method or header).
   */
  send(request: HttpRequest): Promise<HttpResponse>;
}
