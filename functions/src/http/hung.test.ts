import { DatabaseSync } from 'node:sqlite';
import { sqliteFile } from '#testing/runner/runner-databases.ts';
import { describeHung } from './hung.contract.ts';

describeHung(async () => {
  const database = sqliteFile();
  const other = new DatabaseSync(database.env['PLAYBOOK_DATABASE']?.replace('sqlite:', '') ?? '');
  return {
    ...database,
    newConnectionsWork: false,
    async hang() {
      if (!other.isTransaction) other.exec('BEGIN IMMEDIATE');
    },
    async recover() {
      other.exec('ROLLBACK');
    },
    async close() {
      other.close();
      await database.close();
    },
  };
});
