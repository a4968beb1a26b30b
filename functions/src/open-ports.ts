import { guardedHttp } from '#adapters/http/guarded-http.ts';
import type { Config } from './config.ts';
import type { Clock } from '#core/clock.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { LanguageModel } from '#ports/language-model.ts';
import type { ChatPoster, Mailer } from '#ports/messengers.ts';
import type { Ports } from '#ports/ports.ts';
import type { Secrets } from '#ports/secrets.ts';
import type { Settings } from '#ports/settings.ts';
import { documentSettings } from '#records/settings/settings.ts';
import { demoIntegrations } from '#tools/integrations/demo-integrations.ts';

/** What is needed to open the other ports. */
export interface PortsWorld {
  readonly config: Config;
  readonly clock: Clock;
  readonly documents: Documents;
  readonly secrets: Secrets;
}

/** All ports according to the configuration; those with a heavy SDK are loaded on first use. */
export function openPorts({ config, clock, documents, secrets }: PortsWorld): Ports {
  const settings = settingsOf(documents, clock, config.demoUrl);
  return {
    clock,
    documents,
    secrets,
    settings,
    http: guardedHttp({ allowPrivate: config.httpAllowPrivate }),
    model: () => openModel(secrets, config.anthropicBaseUrl),
    mailer: () => openMailer(secrets, settings, config.mailjetBaseUrl),
    chat: () => openChat(secrets),
  };
}

async function openModel(secrets: Secrets, baseUrl: string | undefined): Promise<LanguageModel | undefined> {
  const apiKey = await secrets.get('ANTHROPIC_API_KEY');
  if (apiKey === undefined) return undefined;
  const { anthropicModel } = await import('#adapters/anthropic/language-model.ts');
  return anthropicModel({ apiKey, baseUrl });
}

async function openMailer(
  secrets: Secrets,
  settings: Settings,
  baseUrl: string | undefined,
): Promise<Mailer | undefined> {
  const [apiKey, apiSecret] = await Promise.all([secrets.get('MAILJET_API_KEY'), secrets.get('MAILJET_API_SECRET')]);
  if (apiKey === undefined || apiSecret === undefined) return undefined;
  const { mailjetMailer } = await import('#adapters/mailjet/mailer.ts');
  const { sender } = await settings.people();
  return mailjetMailer({ apiKey, apiSecret, baseUrl, sender });
}

async function openChat(secrets: Secrets): Promise<ChatPoster | undefined> {
  const webhookUrl = await secrets.get('SLACK_WEBHOOK_URL');
  if (webhookUrl === undefined) return undefined;
  const { slackPoster } = await import('#adapters/slack/chat-poster.ts');
  return slackPoster({ webhookUrl });
}

function settingsOf(documents: Documents, clock: Clock, demoUrl: string | undefined): Settings {
  const settings = documentSettings(documents, clock);
  if (demoUrl === undefined) return settings;
  return { ...settings, integrations: async () => demoIntegrations(await settings.integrations(), demoUrl) };
}
