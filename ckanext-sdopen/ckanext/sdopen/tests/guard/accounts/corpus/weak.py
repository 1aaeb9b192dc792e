"""Passwords as people choose them who must: long enough, varied enough, and soon guessed."""

_WORDS = ("Sd", "Shandong", "Jinan", "Admin", "Password", "Qingdao", "Shuju", "Sdopen", "Huawei")
_ENDS = ("2023", "2024", "2025", "20240101", "123456", "1234567", "123123", "888888", "112233")
_SIGNS = ("@", "#", "!")

WEAK = (
    *(f"{word}{sign}{end}" for word in _WORDS for sign in _SIGNS for end in _ENDS),
    "P@ssw0rd2024",
    "Passw0rd!@#",
    "Qwer1234!@#$",
    "1qaz@WSX3edc",
    "Aa123456789!",
    "Abc@123456",
    "Woaini1314!",
    "Zaq1@wsx123",
    "Asdf1234!@#$",
    "Test@123456",
    "Root@2024!!",
    "Sd@2024",
    "12345678",
    "password",
)
