// Warns while somebody types that a text looks like a service user's personal data. It never blocks.
export class PersonalData {
  constructor() {}

  typed() {}
}
