"""What can go wrong with courses."""

from django.utils.translation import gettext_lazy as _

from stepwell.core.errors import DomainError


class UnknownCourse(DomainError):
    code = "unknown_course"
    sentence = _("There is no course “%(name)s”. Look at the catalog for its address.")


class NotAnInstructor(DomainError):
    code = "not_an_instructor"
    sentence = _("%(email)s is a learner. Make them an instructor first, then let them teach.")


class OutlineChanged(DomainError):
    code = "outline_changed"
    sentence = _("The outline has changed meanwhile. Load it again and repeat the change.")


class ModuleArchived(DomainError):
    code = "module_archived"
    sentence = _("The module “%(title)s” is archived. Restore it first; its lessons come with it.")


class BadFile(DomainError):
    code = "bad_file"
    sentence = _("%(name)s can’t be taken. %(reason)s")


class BadVideo(DomainError):
    code = "bad_video"
    sentence = _("This is no video that can be shown. Give its address on YouTube, Vimeo or Loom.")


class BadPicture(DomainError):
    code = "bad_picture"
    sentence = _("%(name)s is no picture that can be used. Take a PNG, JPEG, WebP or AVIF file.")


class AttachmentTooLarge(DomainError):
    code = "attachment_too_large"
    sentence = _("%(name)s is larger than %(limit)d MiB. Make it smaller or link to it instead.")


class AddressTaken(DomainError):
    code = "address_taken"
    sentence = _("The address “%(slug)s” is in use, or was before. Choose another one.")


class BadValue(DomainError):
    code = "bad_value"
    sentence = _("%(field)s: %(reason)s")


class LessonChanged(DomainError):
    code = "lesson_changed"
    sentence = _("Somebody has changed this lesson meanwhile. Compare both texts, then choose.")
