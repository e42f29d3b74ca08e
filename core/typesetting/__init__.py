"""Setting documents as PDF: data in, a file out, in a process of its own."""

from core.typesetting.setting import SettingFailed, set_document

__all__ = ["SettingFailed", "set_document"]
