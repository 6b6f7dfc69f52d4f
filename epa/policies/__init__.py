"""The EPAO's own numbers: notice, holds, travel, standardisation; data with effective dates."""
