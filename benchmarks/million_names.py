"""Invented names in several scripts, as documents spell them. Surnames are stems with endings, so that there are thousands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True, slots=True)
class Script:
    """The names of one script. share: of a hundred sessions."""

    share: int
    first: tuple[str, ...]
    stems: tuple[str, ...]
    endings: tuple[str, ...]

    def last(self) -> Iterator[str]:
        return ("".join(parts) for parts in product(self.stems, self.endings))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LATIN = Script(
    46,
    _words(
        "Nino Giorgi Mariam Luka Ana Davit Elene Nika Salome Irakli José María Zoë Łukasz Søren Åsa Jürgen Renée Iñaki Çağla Ömer "
        "İbrahim Žofia Matúš Dušan Ştefan Anaïs Noël François Inês João Mia Emma Noah Liam Olivia Oscar Hanna Peter Thomas Maria "
        "Andrea Marta Pablo Lucía Álvaro Beatriz Núria Jordi Ahmet Mehmet Fatma Ayşe Zeynep Mustafa Hüseyin Katarzyna Agnieszka "
        "Wojciech Małgorzata Bjørn Ingrid"
    ),
    _words(
        "Berid Kapanad Gelashvil Lomid Tsiklaur Müll Núñ Łukasiew Garc Lóp Şahin Yılm Kowal Nowak Sørens Andrés Ivan Petrov Sidor "
        "Smith Brown Wils Joh Peters Hans Ander Rossi Ferr Bianch Roman Colomb Dub Lefebv Moreau Girard Silv Sant Oliv Cost Per "
        "Novák Svobod Dvořák Horv"
    ),
    ("ze", "er", "ez", "icz", "ić", "ov", "son", "sen", "i", "o", "eau", "a", "mann", "-Roca", "eira", "kaya", "ski", "ák", "ner", "ini"),
)
GEORGIAN = Script(
    22,
    _words(
        "ნინო გიორგი მარიამ ლუკა ანა დავით ელენე ნიკა სალომე ირაკლი თამარ ლევან ქეთევან ზურაბ ნათია ვახტანგ მაია შოთა ეკა ბექა "
        "თეა გოჩა ლია რეზო ნანა ზაზა ხატია მიშა თორნიკე ბარბარე"
    ),
    _words(
        "ბერ კაპან გელა ლომ წიკლა მაის ჯაფარ ქავთ ნოზ ხარ ჩხე ღამბ ყიფ შენგ ძაგნ ცქიტ თოფ ბაქრ აბრამ დოლ ელიზბ ვაშაკ ზედგ კობ ლორთქ მჭედ"
    ),
    ("იძე", "აძე", "შვილი", "აშვილი", "ია", "ავა", "ური", "იანი", "უა", "ელი"),
)
CYRILLIC = Script(
    14,
    _words(
        "Нина Иван Мария Пётр Анна Сергей Елена Алексей Ольга Дмитрий Татьяна Андрей Наталья Фёдор Юлия Михаил Оксана Тарас "
        "Ґалина Йосип Євген Їжак Ђорђе Љубица Весна"
    ),
    _words("Сокол Иван Петр Сидор Кузнец Поп Васил Михайл Фёдор Мороз Волк Алексе Лебед Семён Егор Павл Козл Степан Никол Орл Андре Макар"),
    ("ов", "ова", "ев", "ева", "енко", "ук", "чук", "ский", "ская", "ян", "ић"),
)
GREEK = Script(
    5,
    _words("Ελένη Γιώργος Μαρία Νίκος Κατερίνα Δημήτρης Σοφία Γιάννης Άννα Χρήστος Ιωάννα Ανδρέας Βασιλική Παύλος Ζωή"),
    _words("Παππ Παπαδ Νικολα Γεωργι Δημητρι Ιωανν Χριστ Κωνσταντιν Αγγελ Μακρ Αλεξ Σταματ"),
    ("άς", "όπουλος", "οπούλου", "ίδης", "ίδου", "άκης", "άκη", "ου", "έας"),
)
ARMENIAN = Script(
    4,
    _words("Անի Արամ Մարիամ Տիգրան Նարե Հայկ Լուսինե Գոռ Աննա Դավիթ Գայանե Վահե Շուշան Սարգիս"),
    _words("Սարգս Հակոբ Պետրոս Գրիգոր Հարություն Մկրտչ Ավետիս Կարապետ Գասպար Ստեփան Վարդան Մանուկ"),
    ("յան", "ան", "ունի", "յանց", "ենց"),
)
ARABIC = Script(
    5,
    _words("محمد أحمد فاطمة علي مريم حسن زينب عمر خديجة يوسف عائشة إبراهيم ليلى خالد سارة"),
    _words("حداد خوري النجار منصور الأحمد سليمان العلي حسين داود الشامي يعقوب بركات صالح نصر"),
    ("", "ي", "ان", "ين"),
)
CJK = Script(
    4,
    _words("太郎 花子 伟 芳 娜 秀英 敏 静 丽 强 磊 군 민준 서연 지우 하은 翔太 美咲 大輔 陽菜"),
    _words("山田 王 李 张 刘 陈 杨 김 이 박 최 정 佐藤 鈴木 高橋 田中 渡辺 伊藤 欧阳 司马"),
    ("",),
)
SCRIPTS = (LATIN, GEORGIAN, CYRILLIC, GREEK, ARMENIAN, ARABIC, CJK)
