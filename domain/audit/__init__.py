"""Audit: the log of every change of configuration and access, sealed so that nobody can change it unseen."""

from domain.audit.denying import DENIALS, DENIALS_WINDOW, record_denial
from domain.audit.failing import note_failure, relay_failures
from domain.audit.finding import (
    AuditEntry,
    AuditFilter,
    AuditPlace,
    find_audit_events,
    list_audit_events,
)
from domain.audit.heads import Head, SealState, head_of, read_seal
from domain.audit.seal import AuditHead, AuditSeal, FailedSignIn, Signer
from domain.audit.sealing import Sealed, seal_account, seal_events
from domain.audit.trouble import Finding, Trouble
from domain.audit.verifying import Verified, verify_audit

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
