import type { Clock } from '#core/clock.ts';
import type { Documents } from './documents/documents.ts';
import type { HttpClient } from './http.ts';
import type { LanguageModel } from './language-model.ts';
import type { ChatPoster, Mailer } from './messengers.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';

/** Everything that steps, tools and channels may use from the outside. Ports that are opened lazily are functions. */
export interface Ports {
  readonly clock: Clock;
  readonly documents: Documents;
  readonly http: HttpClient;
  readonly secrets: Secrets;
  readonly settings: Settings;
  /** `undefined` without `ANTHROPIC_API_KEY`: the plain author writes instead. */
  model(): Promise<LanguageModel | undefined>;
  /** `undefined` without credentials: mails are caught locally. */
  mailer(): Promise<Mailer | undefined>;
  /** `undefined` without `SLACK_WEBHOOK_URL`: messages are caught locally. */
  chat(): Promise<ChatPoster | undefined>;
}
