"""What each person of the journeys does, in the words of their work."""

from tests.journeys.visitor import Visitor


class Administrator(Visitor):
    """Registers, decides the gateway, books."""

    def register(self, apprentice, *, uln, born, employer, provider, started):
        self.open("/apprentices")
        self.follow("Register an apprentice")
        given, family = apprentice.name.split(" ", 1)
        self.write("Unique learner number (ULN)", uln)
        self.write("Given names", given)
        self.write("Family name", family)
        self.date("Date of birth", born)
        self.write("Email address", apprentice.email)
        self.select("Employer", employer)
        self.select("Training provider", provider)
        self.date("Start of learning", started)
        self.choose("English", "Level 2")
        self.choose("Mathematics", "Level 2")
        self.press("Register the apprentice")

    def accept_everything(self, apprentice):
        """Decide on one requirement after another until none is left."""
        self.open_record(apprentice.name)
        self.follow("The gateway, requirement by requirement")
        while self.sees("Decide on “"):
            self.follow("Decide on “")
            self.choose("Your decision", "Accept")
            self.press("Record the decision")

    def hold(self, apprentice, method, people, *, day, at, place):
        self.open_record(apprentice.name)
        self.follow(f"People and date: {method}")
        self.follow("Allocate people")
        for duty, person in people.items():
            self.select(duty, person.name)
        self.press("Allocate")
        self.date("Date", day)
        self.write("Time it starts", at)
        self.write("Another place, or the link of a video call", place)
        self.press("Hold the date")

    def confirm(self, apprentice, method):
        """Confirm a date to which everybody has agreed, and tell the apprentice how to join."""
        self.open_record(apprentice.name)
        self.follow(f"People and date: {method}")
        self.follow("Confirm the date")
        self.press("Confirm the date")
        self.press("Send the joining instructions")


class Releaser(Visitor):
    """Looks a result over as the second person and releases it."""

    def release(self, what):
        self.open("/results")
        self.follow(f"Review: {what}")
        self.press("Release the result" if what.startswith("overall") else "Release the grade")


class Provider(Visitor):
    """Opens the gateway, supplies for it and advises."""

    def supply_for(self, apprentice):
        self.open_record(apprentice.name)
        self.open(self.page.url.removeprefix(self.server.url) + "/gateway")
        self.press("Open the gateway")
        self.follow("Supply: Time on programme")
        self.tick("The start of learning and the breaks are right as shown here")
        self.press("Supply it")
        self.follow("Supply: Off-the-job training")
        self.write("Off-the-job training as a percentage", "21.4")
        self.press("Supply it")
        self.follow("Supply: English and mathematics")
        self.write("Where the evidence is", "Certificates 2231/88 and 2231/89, seen by us")
        self.press("Supply it")

    def advise(self):
        self.follow("Add advice")
        self.choose("What do you advise?", "The apprentice is ready")
        self.write("Your advice", "Works without prompting; the last two reviews say the same.")
        self.press("Add my advice")


class Employer(Visitor):
    """Confirms, alone, that the apprentice is ready."""

    def confirm(self, apprentice, organisation, *, on):
        given = apprentice.name.split(" ", 1)[0]
        self.open()
        self.follow(f"Confirm readiness: {apprentice.name}")
        self.choose(
            f"Is {given} working at or above the level of the occupation?", f"Yes, {given} is ready"
        )
        self.date("When did you decide this?", on)
        self.tick(f"I confirm this for {organisation}")
        self.press("Send my confirmation")

    def agree(self, apprentice, method):
        self.open()
        self.follow(f"Agree to the date of the {method}: {apprentice.name}")
        self.press("Agree to this date")


class Allocated(Visitor):
    """Somebody who is given duties, and takes them on."""

    def accept(self, *needs):
        self.sign_in()
        for need in needs:
            self.open()
            self.follow(f"Accept or decline the {need}")
            self.press("Accept")


class Apprentice(Visitor):
    """Gives permission, builds the portfolio, submits, reads the result."""

    def read_instructions(self, method):
        self.open()
        self.follow(f"Read how to join the {method}")
        assert self.sees("What to bring")
        self.press("I have read this")

    def open_record(self, of):
        self.open("/apprentices")  # their own, without a list before it
        assert self.sees(of)

    def give_permission(self):
        self.open()
        self.follow("See the gateway")
        self.follow("Supply: Permission to claim the certificate")
        self.tick("I agree that my certificate may be claimed for me")
        self.press("Give my permission")

    def open_portfolio(self):
        self.open()
        self.follow("Build the portfolio")

    def add_piece(self, number, *, service_user, activities, ksbs, file=None):
        self.follow("Add the first piece" if number == 1 else "Add a piece")
        self.write("Title", f"SU-{service_user}: {' and '.join(activities).lower()}")
        self.select("Kind", "Case record")
        if file:
            self.attach("File", *file)
        else:
            self.write("Text", f"What SU-{service_user} and I agreed in week {number}, and why.")
        self.select("Who it is about", f"SU-{service_user}")
        self.choose("Activities it shows", *activities)
        for ksb in ksbs:
            self.page.locator(f"input[name=ksbs][value={ksb}]").check()
        self.tick("This is my own work, and nobody in it can be identified")
        self.press("Add the piece")

    def submit_portfolio(self):
        self.follow("Submit the portfolio")
        self.press("Submit the portfolio")

    def submit_presentation(self, name, content, mime_type):
        self.open()
        self.follow("Submit the presentation file")
        self.attach("File", name, content, mime_type)
        self.press("Submit the file")

    def download_statement(self):
        """The statement's bytes and the name it is saved under."""
        with self.page.expect_download() as saved:
            self._link("Download the statement of results (PDF)", "main").click()
        return saved.value.path().read_bytes(), saved.value.suggested_filename


class Assessor(Allocated):
    """Judges each KSB with a note, gives the facts of the day, signs."""

    def open_sheet(self, need):
        self.open()
        self.follow(f"Open the sheet: {need}")
        self.press("Open the mark sheet")

    def judge(self, code, grade, source, note):
        """Judge one KSB and write a note; the page saves by itself."""
        sheet = self.page.locator(f"#ksb-{code}")
        sheet.get_by_role("radio", name=grade).check()
        sheet.get_by_label(source, exact=True).check()
        sheet.get_by_label(f"Note on {code}").fill(note)

    def judge_every(self, ratings, source):
        for code, grade in ratings.items():
            self.judge(code, grade, source, f"{code}: shown with an example of their own.")
            self.page.get_by_role("button", name="Next KSB").click()
        self.page.locator(".save-state .saved-yes").wait_for()
        self.page.wait_for_function("localStorage.length === 0")

    def give_facts(self, *, ticks, numbers, held_on, answers=()):
        self.follow("Facts of the day", "body")
        for words in ticks:
            self.tick(words)
        for question, text in numbers.items():
            self.write(question, text)
        for question, answer in answers:
            self.choose(question, answer)
        held = "Day it was held"
        self.date(held, held_on)
        self.press("Save the facts")

    def sign(self):
        self.follow("Finish", "body")
        self.press("Sign the mark sheet")


class Invigilator(Allocated):
    """Records that the paper was sat."""

    def record_sitting(self, apprentice, *, held_on):
        self.open()
        self.follow(f"Record the sitting: {apprentice.name}")
        self.date("Date of the test", held_on)
        self.tick("The candidate's identity was checked before the test started")
        self.tick("The venue was found suitable before the test started")
        self.press("Record the sitting")


class Marker(Visitor):
    """Enters the marks of a paper, box after box."""

    def open_marks(self, need):
        self.open()
        self.follow(need)

    def type_marks(self, marks):
        """Type figures one after the other: each takes the marker on to the next box."""
        boxes = self.page.locator("[data-marks]")
        boxes.first.focus()
        self.page.keyboard.type("".join(str(mark) for mark in marks))
        assert boxes.evaluate_all("all => all.map((one) => Number(one.value))") == list(marks)

    def correct(self, question, mark):
        self.page.get_by_label(f"Question {question}").fill(str(mark))

    def enter(self):
        self.press("Enter these marks")
