import { describeDocuments } from '#ports/documents/documents.contract.ts';
import { localServiceAccount } from '#testing/servers/local-service-account.ts';
import { firestoreDocuments } from './documents.ts';

const projectId = 'demo-contract';
// Over REST the SDK asks for credentials even when it talks to an emulator.
process.env['GOOGLE_APPLICATION_CREDENTIALS'] = localServiceAccount(projectId);

describeDocuments('documents in Firestore over gRPC', async () => firestoreDocuments({ projectId }));
describeDocuments('documents in Firestore over REST', async () => firestoreDocuments({ projectId, preferRest: true }));
