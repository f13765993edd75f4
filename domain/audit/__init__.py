"""Audit: the log of every change of configuration and access, sealed so that nobody can change it unseen."""

from domain.audit.denials import DENIALS, DENIALS_WINDOW, record_denial
from domain.audit.failed_sign_ins import note_failure, relay_failures
from domain.audit.finders import AuditEntry, AuditFilter, AuditPlace, find_audit_events, list_audit_events
from domain.audit.heads import Head, SealState, head_of, read_seal
from domain.audit.seal import AuditHead, AuditSeal, FailedSignIn, Signer
from domain.audit.sealer import Sealed, seal_account, seal_events
from domain.audit.trouble import Finding, Trouble
from domain.audit.verify_audit import Verified, verify_audit

__all__ = [
    "DENIALS",
    "DENIALS_WINDOW",
    "AuditEntry",
    "AuditFilter",
    "AuditHead",
    "AuditPlace",
    "AuditSeal",
    "FailedSignIn",
    "Finding",
    "Head",
    "SealState",
    "Sealed",
    "Signer",
    "Trouble",
    "Verified",
    "find_audit_events",
    "head_of",
    "list_audit_events",
    "note_failure",
    "read_seal",
    "record_denial",
    "relay_failures",
    "seal_account",
    "seal_events",
    "verify_audit",
]
