BEGIN TRANSACTION;
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE allowance (
	line_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	bucket VARCHAR NOT NULL, 
	remaining BIGINT, 
	total BIGINT, 
	unlimited BOOLEAN NOT NULL, 
	currency VARCHAR, 
	observed_at DATETIME NOT NULL, 
	CONSTRAINT pk_allowance PRIMARY KEY (line_id, kind, bucket), 
	CONSTRAINT fk_allowance_line_id_line FOREIGN KEY(line_id) REFERENCES line (id)
);
INSERT INTO "allowance" VALUES(1,'data','general',10000000000,10000000000,0,NULL,'2026-11-27 12:00:00.050265');
INSERT INTO "allowance" VALUES(3,'voice','general',720,6000,0,NULL,'2026-11-22 12:00:00.224028');
INSERT INTO "allowance" VALUES(3,'sms','general',3,100,0,NULL,'2026-11-22 12:00:00.224028');
INSERT INTO "allowance" VALUES(3,'balance','general',500,5000,0,'CNY','2026-11-22 12:00:00.224028');
INSERT INTO "allowance" VALUES(4,'data','general',NULL,NULL,1,NULL,'2026-11-22 12:00:00.224028');
INSERT INTO "allowance" VALUES(5,'sms','general',9,NULL,0,NULL,'2026-11-23 12:00:00.087181');
CREATE TABLE attempt (
	delivery_id INTEGER NOT NULL, 
	fence INTEGER NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	outcome VARCHAR, 
	reason VARCHAR, 
	CONSTRAINT pk_attempt PRIMARY KEY (delivery_id, fence), 
	CONSTRAINT fk_attempt_delivery_id_delivery FOREIGN KEY(delivery_id) REFERENCES delivery (id)
);
INSERT INTO "attempt" VALUES(7,1,'2026-11-22 12:00:01.179404','2026-11-22 12:00:01.324171','sent','accepted');
INSERT INTO "attempt" VALUES(1,1,'2026-11-22 12:00:01.179404','2026-11-22 12:00:01.324171','sent','accepted');
INSERT INTO "attempt" VALUES(4,1,'2026-11-22 12:00:01.179404','2026-11-22 12:00:01.324171','sent','accepted');
INSERT INTO "attempt" VALUES(10,1,'2026-11-22 12:00:01.179404','2026-11-22 12:00:01.324171','sent','accepted');
INSERT INTO "attempt" VALUES(8,1,'2026-11-22 12:00:01.179404','2026-11-22 12:00:01.366850','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(2,1,'2026-11-22 12:00:01.179404','2026-11-22 12:00:01.366850','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(5,1,'2026-11-22 12:00:01.179404','2026-11-22 12:00:01.366850','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(11,1,'2026-11-22 12:00:01.179404','2026-11-22 12:00:01.366850','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(9,1,'2026-11-22 12:00:01.179404','2026-11-22 12:00:01.432243','transient','the connection was refused');
INSERT INTO "attempt" VALUES(3,1,'2026-11-22 12:00:01.179404','2026-11-22 12:00:01.432243','transient','the connection was refused');
INSERT INTO "attempt" VALUES(6,1,'2026-11-22 12:00:01.179404','2026-11-22 12:00:01.432243','transient','the connection was refused');
INSERT INTO "attempt" VALUES(12,1,'2026-11-22 12:00:01.179404','2026-11-22 12:00:01.432243','transient','the connection was refused');
INSERT INTO "attempt" VALUES(8,2,'2026-11-22 12:00:01.394802','2026-11-22 12:00:01.472935','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(13,1,'2026-11-22 12:00:01.514841','2026-11-22 12:00:01.595183','sent','accepted');
INSERT INTO "attempt" VALUES(2,2,'2026-11-22 12:00:01.514841','2026-11-22 12:00:01.622866','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(14,1,'2026-11-22 12:00:01.514841','2026-11-22 12:00:01.678837','transient','the connection was refused');
INSERT INTO "attempt" VALUES(5,2,'2026-11-22 12:00:01.642863','2026-11-22 12:00:01.719722','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(11,2,'2026-11-22 12:00:01.745333','2026-11-22 12:00:01.783901','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(15,1,'2026-11-23 12:00:00.195243','2026-11-23 12:00:00.313620','sent','accepted');
INSERT INTO "attempt" VALUES(16,1,'2026-11-23 12:00:00.195243','2026-11-23 12:00:00.356592','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(9,2,'2026-11-23 12:00:00.195243','2026-11-23 12:00:00.412022','transient','the connection was refused');
INSERT INTO "attempt" VALUES(3,2,'2026-11-23 12:00:00.195243','2026-11-23 12:00:00.412022','transient','the connection was refused');
INSERT INTO "attempt" VALUES(6,2,'2026-11-23 12:00:00.195243','2026-11-23 12:00:00.412022','transient','the connection was refused');
INSERT INTO "attempt" VALUES(12,2,'2026-11-23 12:00:00.195243','2026-11-23 12:00:00.412022','transient','the connection was refused');
INSERT INTO "attempt" VALUES(14,2,'2026-11-23 12:00:00.195243','2026-11-23 12:00:00.412022','transient','the connection was refused');
INSERT INTO "attempt" VALUES(17,1,'2026-11-23 12:00:00.195243','2026-11-23 12:00:00.412022','transient','the connection was refused');
INSERT INTO "attempt" VALUES(16,2,'2026-11-23 12:00:00.379999','2026-11-23 12:00:00.480689','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(18,1,'2026-11-23 12:00:00.452024','2026-11-23 12:00:00.543222','sent','accepted');
INSERT INTO "attempt" VALUES(19,1,'2026-11-23 12:00:00.511987','2026-11-23 12:00:00.581661','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(19,2,'2026-11-23 12:00:00.608024','2026-11-23 12:00:00.644175','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(20,1,'2026-11-26 12:00:00.253120','2026-11-26 12:00:00.363208','sent','accepted');
INSERT INTO "attempt" VALUES(23,1,'2026-11-26 12:00:00.253120','2026-11-26 12:00:00.363208','sent','accepted');
INSERT INTO "attempt" VALUES(21,1,'2026-11-26 12:00:00.253120','2026-11-26 12:00:00.406074','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(24,1,'2026-11-26 12:00:00.253120','2026-11-26 12:00:00.406074','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(12,3,'2026-11-26 12:00:00.253120','2026-11-26 12:00:00.470873','transient','the connection was refused');
INSERT INTO "attempt" VALUES(14,3,'2026-11-26 12:00:00.253120','2026-11-26 12:00:00.470873','transient','the connection was refused');
INSERT INTO "attempt" VALUES(22,1,'2026-11-26 12:00:00.253120','2026-11-26 12:00:00.470873','transient','the connection was refused');
INSERT INTO "attempt" VALUES(25,1,'2026-11-26 12:00:00.253120','2026-11-26 12:00:00.470873','transient','the connection was refused');
INSERT INTO "attempt" VALUES(21,2,'2026-11-26 12:00:00.434051','2026-11-26 12:00:00.497286','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(24,2,'2026-11-26 12:00:00.524878','2026-11-26 12:00:00.552547','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(26,1,'2026-11-27 12:00:00.149869','2026-11-27 12:00:00.243566','sent','accepted');
INSERT INTO "attempt" VALUES(27,1,'2026-11-27 12:00:00.149869','2026-11-27 12:00:00.274369','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(12,4,'2026-11-27 12:00:00.149869','2026-11-27 12:00:00.316868','transient','the connection was refused');
INSERT INTO "attempt" VALUES(14,4,'2026-11-27 12:00:00.149869','2026-11-27 12:00:00.316868','transient','the connection was refused');
INSERT INTO "attempt" VALUES(25,2,'2026-11-27 12:00:00.149869','2026-11-27 12:00:00.316868','transient','the connection was refused');
INSERT INTO "attempt" VALUES(28,1,'2026-11-27 12:00:00.149869','2026-11-27 12:00:00.316868','transient','the connection was refused');
INSERT INTO "attempt" VALUES(27,2,'2026-11-27 12:00:00.290363','2026-11-27 12:00:00.345577','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(29,1,'2026-12-13 12:00:00.173507','2026-12-13 12:00:00.267785','sent','accepted');
INSERT INTO "attempt" VALUES(35,1,'2026-12-13 12:00:00.173507','2026-12-13 12:00:00.267785','sent','accepted');
INSERT INTO "attempt" VALUES(32,1,'2026-12-13 12:00:00.173507','2026-12-13 12:00:00.267785','sent','accepted');
INSERT INTO "attempt" VALUES(30,1,'2026-12-13 12:00:00.173507','2026-12-13 12:00:00.294480','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(36,1,'2026-12-13 12:00:00.173507','2026-12-13 12:00:00.294480','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(33,1,'2026-12-13 12:00:00.173507','2026-12-13 12:00:00.294480','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(31,1,'2026-12-13 12:00:00.173507','2026-12-13 12:00:00.350469','transient','the connection was refused');
INSERT INTO "attempt" VALUES(37,1,'2026-12-13 12:00:00.173507','2026-12-13 12:00:00.350469','transient','the connection was refused');
INSERT INTO "attempt" VALUES(14,5,'2026-12-13 12:00:00.173507','2026-12-13 12:00:00.350469','transient','the connection was refused');
INSERT INTO "attempt" VALUES(34,1,'2026-12-13 12:00:00.173507','2026-12-13 12:00:00.350469','transient','the connection was refused');
INSERT INTO "attempt" VALUES(25,3,'2026-12-13 12:00:00.173507','2026-12-13 12:00:00.350469','transient','the connection was refused');
INSERT INTO "attempt" VALUES(30,2,'2026-12-13 12:00:00.311378','2026-12-13 12:00:00.373646','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(36,2,'2026-12-13 12:00:00.398508','2026-12-13 12:00:00.431700','message-permanent','the service answered 400 Bad Request');
INSERT INTO "attempt" VALUES(33,2,'2026-12-13 12:00:00.458506','2026-12-13 12:00:00.482155','message-permanent','the service answered 400 Bad Request');
CREATE TABLE channel (
	name VARCHAR NOT NULL, 
	consecutive_failures INTEGER NOT NULL, 
	retry_at BIGINT, 
	last_ok_at DATETIME, 
	last_error VARCHAR, 
	last_error_at DATETIME, 
	broken VARCHAR, 
	fingerprint VARCHAR, 
	troubled_since DATETIME, 
	reported_at DATETIME, 
	CONSTRAINT pk_channel PRIMARY KEY (name)
);
INSERT INTO "channel" VALUES('accepts',0,NULL,'2026-12-13 12:00:00.267785',NULL,NULL,NULL,'23979f2f8104573497b8421433d108d4d011e022160e5222b14c939a3e35e2d6',NULL,NULL);
INSERT INTO "channel" VALUES('refuses',0,NULL,NULL,'the service answered 400 Bad Request','2026-12-13 12:00:00.482155',NULL,'868c13732a7e3e6ec29b19cd1fbf33dbd686608a4d042628b6644a3eae960be7',NULL,NULL);
INSERT INTO "channel" VALUES('down',6,1797163321,NULL,'the connection was refused','2026-12-13 12:00:00.350469',NULL,'92d74b7ae51cb54463fb4a0dda103587edc9c4ff5117b2f9b0f20da0bca9b162',NULL,NULL);
CREATE TABLE deadline (
	line_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	due_on DATE, 
	due_at DATETIME, 
	period VARCHAR, 
	last_activity_on DATE, 
	observed_at DATETIME NOT NULL, 
	CONSTRAINT pk_deadline PRIMARY KEY (line_id, kind), 
	CONSTRAINT ck_deadline_one_due CHECK ((due_on IS NULL) <> (due_at IS NULL)), 
	CONSTRAINT fk_deadline_line_id_line FOREIGN KEY(line_id) REFERENCES line (id)
);
INSERT INTO "deadline" VALUES(1,'validity','2027-01-04',NULL,NULL,NULL,'2026-11-27 12:00:00.050265');
INSERT INTO "deadline" VALUES(2,'keep_alive','2027-05-23',NULL,'180d','2026-11-24','2026-11-24 12:00:00.074718');
INSERT INTO "deadline" VALUES(3,'credit','2026-12-20',NULL,NULL,NULL,'2026-11-22 12:00:00.224028');
INSERT INTO "deadline" VALUES(3,'number','2027-03-20',NULL,NULL,NULL,'2026-11-22 12:00:00.224028');
INSERT INTO "deadline" VALUES(4,'start_by','2026-12-10',NULL,NULL,NULL,'2026-11-22 12:00:00.224028');
INSERT INTO "deadline" VALUES(5,'validity','2027-01-31',NULL,NULL,NULL,'2026-11-23 12:00:00.087181');
INSERT INTO "deadline" VALUES(6,'validity','2026-11-30',NULL,NULL,NULL,'2026-11-23 12:00:00.070636');
CREATE TABLE delivery (
	id INTEGER NOT NULL, 
	reminder_id INTEGER NOT NULL, 
	channel VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	fence INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	unknowns INTEGER NOT NULL, 
	short BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	next_attempt_at BIGINT, 
	lease_until BIGINT, 
	worker VARCHAR, 
	useful_until BIGINT, 
	settled_at DATETIME, 
	reason VARCHAR, 
	CONSTRAINT pk_delivery PRIMARY KEY (id), 
	CONSTRAINT uq_delivery_reminder_id_channel UNIQUE (reminder_id, channel), 
	CONSTRAINT ck_delivery_state CHECK (state IN ('pending', 'sending', 'sent', 'held', 'dead', 'superseded', 'expired')), 
	CONSTRAINT fk_delivery_reminder_id_reminder FOREIGN KEY(reminder_id) REFERENCES reminder (id)
);
INSERT INTO "delivery" VALUES(1,1,'accepts','sent',1,1,0,0,'2026-11-22 12:00:00.224028',NULL,NULL,NULL,1796428800,'2026-11-22 12:00:01.324171','accepted');
INSERT INTO "delivery" VALUES(2,1,'refuses','dead',2,2,0,1,'2026-11-22 12:00:00.224028',NULL,NULL,NULL,1796428800,'2026-11-22 12:00:01.622866','the service answered 400 Bad Request');
INSERT INTO "delivery" VALUES(3,1,'down','superseded',2,2,0,0,'2026-11-22 12:00:00.224028',NULL,NULL,NULL,1796428800,'2026-11-26 12:00:00.071200','the connection was refused');
INSERT INTO "delivery" VALUES(4,2,'accepts','sent',1,1,0,0,'2026-11-22 12:00:00.224028',NULL,NULL,NULL,1796860800,'2026-11-22 12:00:01.324171','accepted');
INSERT INTO "delivery" VALUES(5,2,'refuses','dead',2,2,0,1,'2026-11-22 12:00:00.224028',NULL,NULL,NULL,1796860800,'2026-11-22 12:00:01.719722','the service answered 400 Bad Request');
INSERT INTO "delivery" VALUES(6,2,'down','superseded',2,2,0,0,'2026-11-22 12:00:00.224028',NULL,NULL,NULL,1796860800,'2026-11-26 12:00:00.071200','the connection was refused');
INSERT INTO "delivery" VALUES(7,3,'accepts','sent',1,1,0,0,'2026-11-22 12:00:00.224028',NULL,NULL,NULL,1797782400,'2026-11-22 12:00:01.324171','accepted');
INSERT INTO "delivery" VALUES(8,3,'refuses','dead',2,2,0,1,'2026-11-22 12:00:00.224028',NULL,NULL,NULL,1797782400,'2026-11-22 12:00:01.472935','the service answered 400 Bad Request');
INSERT INTO "delivery" VALUES(9,3,'down','superseded',2,2,0,0,'2026-11-22 12:00:00.224028',NULL,NULL,NULL,1797782400,'2026-11-26 12:00:00.071200','the connection was refused');
INSERT INTO "delivery" VALUES(10,4,'accepts','sent',1,1,0,0,'2026-11-22 12:00:00.224028',NULL,NULL,NULL,1796947200,'2026-11-22 12:00:01.324171','accepted');
INSERT INTO "delivery" VALUES(11,4,'refuses','dead',2,2,0,1,'2026-11-22 12:00:00.224028',NULL,NULL,NULL,1796947200,'2026-11-22 12:00:01.783901','the service answered 400 Bad Request');
INSERT INTO "delivery" VALUES(12,4,'down','superseded',4,4,0,0,'2026-11-22 12:00:00.224028',NULL,NULL,NULL,1796947200,'2026-12-13 12:00:00.049301','the connection was refused');
INSERT INTO "delivery" VALUES(13,5,'accepts','sent',1,1,0,0,'2026-11-22 12:00:01.472935',NULL,NULL,NULL,NULL,'2026-11-22 12:00:01.595183','accepted');
INSERT INTO "delivery" VALUES(14,5,'down','pending',5,5,0,0,'2026-11-22 12:00:01.472935',1797163599,NULL,NULL,NULL,NULL,'the connection was refused');
INSERT INTO "delivery" VALUES(15,6,'accepts','sent',1,1,0,0,'2026-11-23 12:00:00.066826',NULL,NULL,NULL,1796083200,'2026-11-23 12:00:00.313620','accepted');
INSERT INTO "delivery" VALUES(16,6,'refuses','dead',2,2,0,1,'2026-11-23 12:00:00.066826',NULL,NULL,NULL,1796083200,'2026-11-23 12:00:00.480689','the service answered 400 Bad Request');
INSERT INTO "delivery" VALUES(17,6,'down','superseded',1,1,0,0,'2026-11-23 12:00:00.066826',NULL,NULL,NULL,1796083200,'2026-11-24 12:00:00.068262','the connection was refused');
INSERT INTO "delivery" VALUES(18,7,'accepts','sent',1,1,0,0,'2026-11-23 12:00:00.412022',NULL,NULL,NULL,NULL,'2026-11-23 12:00:00.543222','accepted');
INSERT INTO "delivery" VALUES(19,7,'refuses','dead',2,2,0,1,'2026-11-23 12:00:00.412022',NULL,NULL,NULL,NULL,'2026-11-23 12:00:00.644175','the service answered 400 Bad Request');
INSERT INTO "delivery" VALUES(20,8,'accepts','sent',1,1,0,0,'2026-11-26 12:00:00.071200',NULL,NULL,NULL,1796428800,'2026-11-26 12:00:00.363208','accepted');
INSERT INTO "delivery" VALUES(21,8,'refuses','dead',2,2,0,1,'2026-11-26 12:00:00.071200',NULL,NULL,NULL,1796428800,'2026-11-26 12:00:00.497286','the service answered 400 Bad Request');
INSERT INTO "delivery" VALUES(22,8,'down','superseded',1,1,0,0,'2026-11-26 12:00:00.071200',NULL,NULL,NULL,1796428800,'2026-11-27 12:00:00.052539','the connection was refused');
INSERT INTO "delivery" VALUES(23,9,'accepts','sent',1,1,0,0,'2026-11-26 12:00:00.071200',NULL,NULL,NULL,NULL,'2026-11-26 12:00:00.363208','accepted');
INSERT INTO "delivery" VALUES(24,9,'refuses','dead',2,2,0,1,'2026-11-26 12:00:00.071200',NULL,NULL,NULL,NULL,'2026-11-26 12:00:00.552547','the service answered 400 Bad Request');
INSERT INTO "delivery" VALUES(25,9,'down','pending',3,3,0,0,'2026-11-26 12:00:00.071200',1797163300,NULL,NULL,NULL,NULL,'the connection was refused');
INSERT INTO "delivery" VALUES(26,10,'accepts','sent',1,1,0,0,'2026-11-27 12:00:00.052539',NULL,NULL,NULL,1799107200,'2026-11-27 12:00:00.243566','accepted');
INSERT INTO "delivery" VALUES(27,10,'refuses','dead',2,2,0,1,'2026-11-27 12:00:00.052539',NULL,NULL,NULL,1799107200,'2026-11-27 12:00:00.345577','the service answered 400 Bad Request');
INSERT INTO "delivery" VALUES(28,10,'down','superseded',1,1,0,0,'2026-11-27 12:00:00.052539',NULL,NULL,NULL,1799107200,'2026-12-13 12:00:00.049301','the connection was refused');
INSERT INTO "delivery" VALUES(29,11,'accepts','sent',1,1,0,0,'2026-12-13 12:00:00.049301',NULL,NULL,NULL,NULL,'2026-12-13 12:00:00.267785','accepted');
INSERT INTO "delivery" VALUES(30,11,'refuses','dead',2,2,0,1,'2026-12-13 12:00:00.049301',NULL,NULL,NULL,NULL,'2026-12-13 12:00:00.373646','the service answered 400 Bad Request');
INSERT INTO "delivery" VALUES(31,11,'down','pending',1,1,0,0,'2026-12-13 12:00:00.049301',1797163226,NULL,NULL,NULL,NULL,'the connection was refused');
INSERT INTO "delivery" VALUES(32,12,'accepts','sent',1,1,0,0,'2026-12-13 12:00:00.049301',NULL,NULL,NULL,1799107200,'2026-12-13 12:00:00.267785','accepted');
INSERT INTO "delivery" VALUES(33,12,'refuses','dead',2,2,0,1,'2026-12-13 12:00:00.049301',NULL,NULL,NULL,1799107200,'2026-12-13 12:00:00.482155','the service answered 400 Bad Request');
INSERT INTO "delivery" VALUES(34,12,'down','pending',1,1,0,0,'2026-12-13 12:00:00.049301',1797163226,NULL,NULL,1799107200,NULL,'the connection was refused');
INSERT INTO "delivery" VALUES(35,13,'accepts','sent',1,1,0,0,'2026-12-13 12:00:00.049301',NULL,NULL,NULL,1797782400,'2026-12-13 12:00:00.267785','accepted');
INSERT INTO "delivery" VALUES(36,13,'refuses','dead',2,2,0,1,'2026-12-13 12:00:00.049301',NULL,NULL,NULL,1797782400,'2026-12-13 12:00:00.431700','the service answered 400 Bad Request');
INSERT INTO "delivery" VALUES(37,13,'down','pending',1,1,0,0,'2026-12-13 12:00:00.049301',1797163226,NULL,NULL,1797782400,NULL,'the connection was refused');
CREATE TABLE event (
	id INTEGER NOT NULL, 
	line_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	detail JSON NOT NULL, 
	amount BIGINT, 
	currency VARCHAR, 
	CONSTRAINT pk_event PRIMARY KEY (id), 
	CONSTRAINT fk_event_line_id_line FOREIGN KEY(line_id) REFERENCES line (id)
);
INSERT INTO "event" VALUES(1,5,'added','2026-11-23 12:00:00.087181','{}',NULL,NULL);
INSERT INTO "event" VALUES(2,6,'added','2026-11-23 12:00:00.070636','{}',NULL,NULL);
INSERT INTO "event" VALUES(3,2,'activity','2026-11-24 12:00:00.074718','{"items": ["keep_alive"]}',NULL,NULL);
INSERT INTO "event" VALUES(4,6,'removed','2026-11-24 12:00:00.068262','{}',NULL,NULL);
INSERT INTO "event" VALUES(5,3,'acknowledged','2026-11-25 12:00:00.068752','{"findings": 4}',NULL,NULL);
INSERT INTO "event" VALUES(6,1,'edit','2026-11-26 12:00:00.068246','{"items": ["data_remaining"]}',NULL,NULL);
INSERT INTO "event" VALUES(7,1,'renewal','2026-11-27 12:00:00.050265','{"items": ["data", "validity"]}',NULL,NULL);
INSERT INTO "event" VALUES(8,4,'snoozed','2026-11-28 12:00:00.055821','{"until": "2026-12-01T09:00:00+00:00"}',NULL,NULL);
CREATE TABLE line (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	carrier VARCHAR, 
	number VARCHAR, 
	iccid VARCHAR, 
	timezone VARCHAR NOT NULL, 
	tags JSON NOT NULL, 
	route JSON, 
	origin VARCHAR NOT NULL, 
	declared JSON, 
	added_at DATETIME NOT NULL, 
	archived_at DATETIME, 
	snoozed_until DATETIME, 
	review_at BIGINT, 
	fault VARCHAR, 
	fault_at DATETIME, 
	CONSTRAINT pk_line PRIMARY KEY (id), 
	CONSTRAINT uq_line_name UNIQUE (name)
);
INSERT INTO "line" VALUES(1,'uk-travel','giffgaff','+447700900123','8944110000000001234','Europe/London','["travel", "family"]','null','config','{"line": "7f2e726d35cc2f4c", "limits": "2a6db7649a3200ee", "data": "9bdf3e902a66b98f", "validity": "d86424901b9358ce"}','2026-11-22 12:00:00.224028',NULL,NULL,1798362000,NULL,NULL);
INSERT INTO "line" VALUES(2,'home','three-uk',NULL,NULL,'Europe/London','[]','null','config','{"line": "fa10102279175bfb", "limits": "2a6db7649a3200ee", "keep_alive": "431a96817bde2391"}','2026-11-22 12:00:00.224028',NULL,NULL,1798102800,NULL,NULL);
INSERT INTO "line" VALUES(3,'granny',NULL,NULL,NULL,'Asia/Shanghai','[]','null','config','{"line": "f1723880532a68b6", "limits": "2a6db7649a3200ee", "voice": "2e7d75e8091c8b83", "sms": "a61e877ee70fa5f8", "balance": "eeab7469944311a8", "credit": "0e8d997ffec5d303", "number": "4766f0d985a4180c"}','2026-11-22 12:00:00.224028',NULL,NULL,1797498000,NULL,NULL);
INSERT INTO "line" VALUES(4,'unlimited',NULL,NULL,NULL,'Europe/London','[]','null','config','{"line": "82813cd98dd6bca1", "limits": "2a6db7649a3200ee", "data": "7111c12101abec37", "start_by": "0bff2245cb85f7e8"}','2026-11-22 12:00:00.224028',NULL,NULL,1797930000,NULL,NULL);
INSERT INTO "line" VALUES(5,'spain',NULL,NULL,NULL,'Europe/London','[]','null','cli','null','2026-11-23 12:00:00.087181',NULL,NULL,1798016400,NULL,NULL);
INSERT INTO "line" VALUES(6,'gone',NULL,NULL,NULL,'Europe/London','[]','null','cli','null','2026-11-23 12:00:00.070636','2026-11-24 12:00:00.068262',NULL,NULL,NULL,NULL);
CREATE TABLE meta (
	"key" VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('policy_digest','4fa6a5128cb9ebbf6b758b2955e82e67b1f75c822288252b0ee013c8d4ea9b60');
INSERT INTO "meta" VALUES('config_digest','bb6e4cc197e2ad12211d27522b3bbdbe2da3b2a10f84215eb80a3162d6c15954');
INSERT INTO "meta" VALUES('last_pass','2026-12-13T12:00:00.049301+00:00');
INSERT INTO "meta" VALUES('last_thinning','2026-12-13T12:00:00.049301+00:00');
CREATE TABLE reading (
	id INTEGER NOT NULL, 
	line_id INTEGER NOT NULL, 
	item VARCHAR NOT NULL, 
	remaining BIGINT, 
	total BIGINT, 
	unlimited BOOLEAN NOT NULL, 
	currency VARCHAR, 
	due VARCHAR, 
	observed_at DATETIME NOT NULL, 
	source VARCHAR NOT NULL, 
	CONSTRAINT pk_reading PRIMARY KEY (id), 
	CONSTRAINT fk_reading_line_id_line FOREIGN KEY(line_id) REFERENCES line (id)
);
INSERT INTO "reading" VALUES(1,1,'data',4200000000,10000000000,0,NULL,NULL,'2026-11-22 12:00:00.224028','config');
INSERT INTO "reading" VALUES(2,1,'validity',NULL,NULL,0,NULL,'2026-12-04','2026-11-22 12:00:00.224028','config');
INSERT INTO "reading" VALUES(3,2,'keep_alive',NULL,NULL,0,NULL,'2026-12-09','2026-11-22 12:00:00.224028','config');
INSERT INTO "reading" VALUES(4,3,'voice',720,6000,0,NULL,NULL,'2026-11-22 12:00:00.224028','config');
INSERT INTO "reading" VALUES(5,3,'sms',3,100,0,NULL,NULL,'2026-11-22 12:00:00.224028','config');
INSERT INTO "reading" VALUES(6,3,'balance',500,5000,0,'CNY',NULL,'2026-11-22 12:00:00.224028','config');
INSERT INTO "reading" VALUES(7,3,'credit',NULL,NULL,0,NULL,'2026-12-20','2026-11-22 12:00:00.224028','config');
INSERT INTO "reading" VALUES(8,3,'number',NULL,NULL,0,NULL,'2027-03-20','2026-11-22 12:00:00.224028','config');
INSERT INTO "reading" VALUES(9,4,'data',NULL,NULL,1,NULL,NULL,'2026-11-22 12:00:00.224028','config');
INSERT INTO "reading" VALUES(10,4,'start_by',NULL,NULL,0,NULL,'2026-12-10','2026-11-22 12:00:00.224028','config');
INSERT INTO "reading" VALUES(11,5,'sms',9,NULL,0,NULL,NULL,'2026-11-23 12:00:00.087181','cli');
INSERT INTO "reading" VALUES(12,5,'validity',NULL,NULL,0,NULL,'2027-01-31','2026-11-23 12:00:00.087181','cli');
INSERT INTO "reading" VALUES(13,6,'validity',NULL,NULL,0,NULL,'2026-11-30','2026-11-23 12:00:00.070636','cli');
INSERT INTO "reading" VALUES(14,2,'keep_alive',NULL,NULL,0,NULL,'2027-05-23','2026-11-24 12:00:00.074718','cli');
INSERT INTO "reading" VALUES(15,1,'data',1100000000,10000000000,0,NULL,NULL,'2026-11-26 12:00:00.068246','cli');
INSERT INTO "reading" VALUES(16,1,'validity',NULL,NULL,0,NULL,'2027-01-04','2026-11-27 12:00:00.050265','cli');
INSERT INTO "reading" VALUES(17,1,'data',10000000000,10000000000,0,NULL,NULL,'2026-11-27 12:00:00.050265','cli');
CREATE TABLE reminder (
	id INTEGER NOT NULL, 
	line_id INTEGER, 
	"key" VARCHAR NOT NULL, 
	severity INTEGER NOT NULL, 
	worst INTEGER NOT NULL, 
	late BOOLEAN NOT NULL, 
	content JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	useful_until BIGINT, 
	CONSTRAINT pk_reminder PRIMARY KEY (id), 
	CONSTRAINT fk_reminder_line_id_line FOREIGN KEY(line_id) REFERENCES line (id), 
	CONSTRAINT uq_reminder_key UNIQUE ("key")
);
INSERT INTO "reminder" VALUES(1,1,'1|validity@2026-12-04/30d#0',2,2,0,'{"findings": [{"item": "validity", "step": "30d", "severity": 2, "cycle": "2026-12-04", "new": true, "count": 0, "due": "2026-12-04", "due_at": "2026-12-05T00:00:00+00:00", "observed_at": "2026-11-22T12:00:00.224028+00:00"}], "recoveries": [], "severity": 2, "useful_until": "2026-12-05T00:00:00+00:00", "key": "validity@2026-12-04/30d#0"}','2026-11-22 12:00:00.224028',1796428800);
INSERT INTO "reminder" VALUES(2,2,'2|keep_alive@2026-12-09/30d#0',2,2,0,'{"findings": [{"item": "keep_alive", "step": "30d", "severity": 2, "cycle": "2026-12-09", "new": true, "count": 0, "due": "2026-12-09", "due_at": "2026-12-10T00:00:00+00:00", "observed_at": "2026-11-22T12:00:00.224028+00:00"}], "recoveries": [], "severity": 2, "useful_until": "2026-12-10T00:00:00+00:00", "key": "keep_alive@2026-12-09/30d#0"}','2026-11-22 12:00:00.224028',1796860800);
INSERT INTO "reminder" VALUES(3,3,'3|balance@2026-11-22T12:00:00.224028+00:00/20%#0|credit@2026-12-20/30d#0|sms@2026-11-22T12:00:00.224028+00:00/20%#0|voice@2026-11-22T12:00:00.224028+00:00/20%#0',3,3,0,'{"findings": [{"item": "balance", "step": "20%", "severity": 3, "cycle": "2026-11-22T12:00:00.224028+00:00", "new": true, "count": 0, "remaining": 500, "total": 5000, "currency": "CNY", "observed_at": "2026-11-22T12:00:00.224028+00:00"}, {"item": "sms", "step": "20%", "severity": 3, "cycle": "2026-11-22T12:00:00.224028+00:00", "new": true, "count": 0, "remaining": 3, "total": 100, "observed_at": "2026-11-22T12:00:00.224028+00:00"}, {"item": "voice", "step": "20%", "severity": 3, "cycle": "2026-11-22T12:00:00.224028+00:00", "new": true, "count": 0, "remaining": 720, "total": 6000, "observed_at": "2026-11-22T12:00:00.224028+00:00"}, {"item": "credit", "step": "30d", "severity": 2, "cycle": "2026-12-20", "new": true, "count": 0, "due": "2026-12-20", "due_at": "2026-12-20T16:00:00+00:00", "observed_at": "2026-11-22T12:00:00.224028+00:00"}], "recoveries": [], "severity": 3, "useful_until": "2026-12-20T16:00:00+00:00", "key": "balance@2026-11-22T12:00:00.224028+00:00/20%#0|credit@2026-12-20/30d#0|sms@2026-11-22T12:00:00.224028+00:00/20%#0|voice@2026-11-22T12:00:00.224028+00:00/20%#0"}','2026-11-22 12:00:00.224028',1797782400);
INSERT INTO "reminder" VALUES(4,4,'4|start_by@2026-12-10/30d#0',2,2,0,'{"findings": [{"item": "start_by", "step": "30d", "severity": 2, "cycle": "2026-12-10", "new": true, "count": 0, "due": "2026-12-10", "due_at": "2026-12-11T00:00:00+00:00", "observed_at": "2026-11-22T12:00:00.224028+00:00"}], "recoveries": [], "severity": 2, "useful_until": "2026-12-11T00:00:00+00:00", "key": "start_by@2026-12-10/30d#0"}','2026-11-22 12:00:00.224028',1796947200);
INSERT INTO "reminder" VALUES(5,NULL,'notice|channel-failing|refuses|868c13732a7e3e6ec29b19cd1fbf33dbd686608a4d042628b6644a3eae960be7|',2,2,0,'{"code": "channel-failing", "severity": 2, "details": {"channel": "refuses", "reason": "the service answered 400 Bad Request"}}','2026-11-22 12:00:01.472935',NULL);
INSERT INTO "reminder" VALUES(6,6,'6|validity@2026-11-30/7d#0',2,2,0,'{"findings": [{"item": "validity", "step": "7d", "severity": 2, "cycle": "2026-11-30", "new": true, "count": 0, "due": "2026-11-30", "due_at": "2026-12-01T00:00:00+00:00", "observed_at": "2026-11-23T12:00:00.070636+00:00"}], "recoveries": [], "severity": 2, "useful_until": "2026-12-01T00:00:00+00:00", "key": "validity@2026-11-30/7d#0"}','2026-11-23 12:00:00.066826',1796083200);
INSERT INTO "reminder" VALUES(7,NULL,'notice|channel-failing|down|92d74b7ae51cb54463fb4a0dda103587edc9c4ff5117b2f9b0f20da0bca9b162|',2,2,0,'{"code": "channel-failing", "severity": 2, "details": {"channel": "down", "reason": "the connection was refused"}}','2026-11-23 12:00:00.412022',NULL);
INSERT INTO "reminder" VALUES(8,1,'1|data@2026-11-26T12:00:00.068246+00:00/20%#0',2,2,0,'{"findings": [{"item": "validity", "step": "30d", "severity": 2, "cycle": "2026-12-04", "new": false, "count": 0, "due": "2026-12-04", "due_at": "2026-12-05T00:00:00+00:00", "observed_at": "2026-11-22T12:00:00.224028+00:00"}, {"item": "data", "step": "20%", "severity": 2, "cycle": "2026-11-26T12:00:00.068246+00:00", "new": true, "count": 0, "remaining": 1100000000, "total": 10000000000, "observed_at": "2026-11-26T12:00:00.068246+00:00"}], "recoveries": [], "severity": 2, "useful_until": "2026-12-05T00:00:00+00:00", "key": "data@2026-11-26T12:00:00.068246+00:00/20%#0"}','2026-11-26 12:00:00.071200',1796428800);
INSERT INTO "reminder" VALUES(9,2,'2|keep_alive@2027-05-23/renewed',1,1,0,'{"findings": [], "recoveries": [{"item": "keep_alive", "cycle": "2027-05-23", "due": "2027-05-23", "due_at": "2027-05-23T23:00:00+00:00", "unlimited": false, "next_at": "2027-04-23T08:00:00+00:00"}], "severity": 1, "key": "keep_alive@2027-05-23/renewed"}','2026-11-26 12:00:00.071200',NULL);
INSERT INTO "reminder" VALUES(10,1,'1|data@2026-11-27T12:00:00.050265+00:00/renewed|validity@2027-01-04/renewed',1,1,0,'{"findings": [], "recoveries": [{"item": "validity", "cycle": "2027-01-04", "due": "2027-01-04", "due_at": "2027-01-05T00:00:00+00:00", "unlimited": false, "next_at": "2026-12-05T09:00:00+00:00"}, {"item": "data", "cycle": "2026-11-27T12:00:00.050265+00:00", "remaining": 10000000000, "total": 10000000000, "unlimited": false}], "severity": 1, "useful_until": "2027-01-05T00:00:00+00:00", "key": "data@2026-11-27T12:00:00.050265+00:00/renewed|validity@2027-01-04/renewed"}','2026-11-27 12:00:00.052539',1799107200);
INSERT INTO "reminder" VALUES(11,4,'4|start_by@2026-12-10/expired#0',3,3,0,'{"findings": [{"item": "start_by", "step": "expired", "severity": 3, "cycle": "2026-12-10", "new": true, "count": 0, "due": "2026-12-10", "due_at": "2026-12-11T00:00:00+00:00", "observed_at": "2026-11-22T12:00:00.224028+00:00"}], "recoveries": [], "severity": 3, "key": "start_by@2026-12-10/expired#0"}','2026-12-13 12:00:00.049301',NULL);
INSERT INTO "reminder" VALUES(12,1,'1|validity@2027-01-04/30d#0',2,2,1,'{"findings": [{"item": "validity", "step": "30d", "severity": 2, "cycle": "2027-01-04", "new": true, "count": 0, "due": "2027-01-04", "due_at": "2027-01-05T00:00:00+00:00", "observed_at": "2026-11-27T12:00:00.050265+00:00"}], "recoveries": [], "severity": 2, "late_since": "2026-12-05T09:00:00+00:00", "useful_until": "2027-01-05T00:00:00+00:00", "key": "validity@2027-01-04/30d#0"}','2026-12-13 12:00:00.049301',1799107200);
INSERT INTO "reminder" VALUES(13,3,'3|credit@2026-12-20/7d#0',2,3,0,'{"findings": [{"item": "balance", "step": "20%", "severity": 3, "cycle": "2026-11-22T12:00:00.224028+00:00", "new": false, "count": 0, "remaining": 500, "total": 5000, "currency": "CNY", "observed_at": "2026-11-22T12:00:00.224028+00:00"}, {"item": "sms", "step": "20%", "severity": 3, "cycle": "2026-11-22T12:00:00.224028+00:00", "new": false, "count": 0, "remaining": 3, "total": 100, "observed_at": "2026-11-22T12:00:00.224028+00:00"}, {"item": "voice", "step": "20%", "severity": 3, "cycle": "2026-11-22T12:00:00.224028+00:00", "new": false, "count": 0, "remaining": 720, "total": 6000, "observed_at": "2026-11-22T12:00:00.224028+00:00"}, {"item": "credit", "step": "7d", "severity": 2, "cycle": "2026-12-20", "new": true, "count": 0, "due": "2026-12-20", "due_at": "2026-12-20T16:00:00+00:00", "observed_at": "2026-11-22T12:00:00.224028+00:00"}], "recoveries": [], "severity": 2, "useful_until": "2026-12-20T16:00:00+00:00", "key": "credit@2026-12-20/7d#0"}','2026-12-13 12:00:00.049301',1797782400);
CREATE TABLE told (
	line_id INTEGER NOT NULL, 
	item VARCHAR NOT NULL, 
	cycle VARCHAR NOT NULL, 
	step VARCHAR NOT NULL, 
	said_at DATETIME NOT NULL, 
	count INTEGER NOT NULL, 
	due_at DATETIME, 
	acknowledged_at DATETIME, 
	CONSTRAINT pk_told PRIMARY KEY (line_id, item), 
	CONSTRAINT fk_told_line_id_line FOREIGN KEY(line_id) REFERENCES line (id)
);
INSERT INTO "told" VALUES(3,'credit','2026-12-20','7d','2026-12-13 12:00:00.049301',0,'2026-12-20 16:00:00.000000',NULL);
INSERT INTO "told" VALUES(3,'balance','2026-11-22T12:00:00.224028+00:00','20%','2026-11-22 12:00:00.224028',0,NULL,'2026-11-25 12:00:00.068752');
INSERT INTO "told" VALUES(3,'sms','2026-11-22T12:00:00.224028+00:00','20%','2026-11-22 12:00:00.224028',0,NULL,'2026-11-25 12:00:00.068752');
INSERT INTO "told" VALUES(3,'voice','2026-11-22T12:00:00.224028+00:00','20%','2026-11-22 12:00:00.224028',0,NULL,'2026-11-25 12:00:00.068752');
INSERT INTO "told" VALUES(4,'start_by','2026-12-10','expired','2026-12-13 12:00:00.049301',0,'2026-12-11 00:00:00.000000',NULL);
INSERT INTO "told" VALUES(6,'validity','2026-11-30','7d','2026-11-23 12:00:00.066826',0,'2026-12-01 00:00:00.000000',NULL);
INSERT INTO "told" VALUES(1,'validity','2027-01-04','30d','2026-12-13 12:00:00.049301',0,'2027-01-05 00:00:00.000000',NULL);
CREATE INDEX ix_line_review_at ON line (review_at);
CREATE INDEX ix_reminder_line_id ON reminder (line_id);
CREATE INDEX ix_reading_line_id ON reading (line_id);
CREATE INDEX ix_event_line_id ON event (line_id);
CREATE INDEX ix_delivery_state_channel ON delivery (state, channel);
CREATE INDEX ix_delivery_next_attempt_at ON delivery (next_attempt_at);
COMMIT;
PRAGMA application_id = 1919771748;
