import { test } from 'vitest';
import { openTestConsole } from './testing/test-console.ts';
import { encodeCursor } from '../../functions/src/records/page-cursor.ts';
import { threadOf } from './testing/thread-of.ts';

const D = new Date('2026-11-20T10:00:00Z');
test('explore', async () => {
  const con = await openTestConsole();
  const say = async (name: string, r: Response | Promise<Response>) => {
    const t = performance.now();
    try { const res = await r; const text = await res.text(); console.log(name, res.status, text.length, (performance.now()-t).toFixed(0)+'ms', res.status>=400 ? text.replace(/<head>[\s\S]*<\/head>/,'').match(/class="problem"[^>]*>([\s\S]{0,300})/)?.[1]?.slice(0,200) : ''); } catch (e) { console.log(name, 'THROWN', String(e).slice(0,200)); }
  };
  const lists = ['/', '/executions', '/playbooks', '/inbox', '/inbox?state=all','/inbox?state=expired','/notifications', '/audit', '/health', '/spend'];
  const bigid = encodeCursor({ values: [D], id: 'é'.repeat(1400) });
  for (const l of ['/executions', '/inbox', '/inbox?state=all', '/notifications', '/audit','/executions.csv']) {
    const s = l.includes('?') ? '&' : '?';
    for (const [n, cur] of Object.entries({ bigid, str: encodeCursor({ values: ['x'], id: 'a' }), num: encodeCursor({ values: [1e308], id: 'a' }), nul: encodeCursor({ values: [null], id: 'a\u0000b' }), garbage: 'zzz', two: encodeCursor({values:[D,D], id:'a'}), empty: '' })) await say(`${l} after ${n}`, con.get(`${l}${s}after=${cur}`));
  }
  const long = 'é'.repeat(10_000);
  for (const p of [`/audit?by=${long}`, `/audit?target=${long}`, `/notifications?playbook=${long}`, `/inbox?assignee=${long}`, `/executions?text=${long}`, `/executions?from=+275760-09-13`, `/executions?from=2099-12-31&to=2099-12-31`, `/audit?by=%00`, `/audit?by=%F0%9F`, `/executions?text=%00`, `/notifications?execution=%ff`, `/audit?__proto__=1&constructor=2`, `/executions/..`, `/inbox/%2e%2e`, `/inbox/a%2Fb`, `/inbox/__x__`, `/inbox/x%00`, `/notifications/${'x'.repeat(3000)}`, `/executions/x/steps/__proto__/output`,`/executions/x?attempt=1e999`, `/playbooks/%2e%2e`, `/playbooks/__x__/definition`, `/playbooks/a%2Fb`, `/playbooks/a%2Fb/definition.yaml?version=x`, `/spend?days=1e9`, `/health?window=999d`,'/control', '/live']) await say(p.slice(0,60), con.get(p));
  for (const topic of ['thread/..', 'thread/.', 'thread/__x__', 'constructor', '__proto__', 'thread/', 'execution/..']) await say('live '+topic, Promise.race([con.get(`/live?topic=${topic}`), new Promise<Response>((_, n) => setTimeout(() => n(new Error('hang')), 200))]));
  // damaged
  const bad = [{}, {x:1}, {id: 1, status: 'succeeded', startedAt: D, createdAt: D, updatedAt: D, deadlineAt: new Date('2027-01-01'), at: D, state: 'awaiting_approval'}, {startedAt: 'x', createdAt: 5, at: null, deadlineAt: [1]}, {startedAt: D, status: 'running', playbookId: 7}, {createdAt: D, state:'open', kind: 'zzz'}, {deadlineAt: new Date('2020-01-01'), state: 'awaiting_approval', createdAt: D}, {name: {a:1}, definition: 'x'}];
  for (const coll of ['playbook_executions','playbook_threads','playbook_notifications','audit_log','playbooks_internal','playbook_statistics','playbook_spend','playbook_metrics','playbook_agents','playbook_incidents','playbook_settings','ops_control'])
    for (const [i, data] of bad.entries()) await con.documents.commit([{ kind: 'set', path: `${coll}/bad${i}`, data }]);
  await con.documents.commit(['people','platform','integrations','models'].map((n) => ({ kind: 'set' as const, path: `playbook_settings/${n}`, data: { content: 5 } })));
  await con.documents.commit([{ kind: 'set', path: `playbook_spend/2026-11-20`, data: { day: 7, x: [1] } }, { kind: 'set', path: 'playbook_metrics/integrations', data: { a: 1 } }, {kind:'set', path: 'playbook_statistics/bad1', data: { days: 'x' }}]);
  for (const l of [...lists, '/executions.csv', '/executions.json', '/playbooks/bad1','/playbooks/bad2', '/executions/bad2', '/inbox/bad2', '/notifications/bad2','/health?window=30d','/spend.csv']) await say('damaged ' + l, con.get(l));
  for (const data of [{ sequence: 'x' }, {}, { sequence: 3, sha256: 'a' }, { sequence: 300, sha256: 'a' }]) { await con.documents.commit([{ kind: 'set', path: 'ops_control/audit_head', data }]); await say('head ' + JSON.stringify(data), con.get('/audit')); }
  await con.documents.commit([{ kind: 'set', path: 'ops_control/global', data: { mode: 'zzz', reason: 5 } }]);
  for (const l of lists) await say('damaged control ' + l, con.get(l));
  // modify
  await say('post big', con.post('/inbox/none/modify', { seenSha256: 'x', title: 't', body: 'b', payload: '"' + '\\"'.repeat(20_000) }));
  await con.close();
}, 120_000);
