package api

import (
	"errors"
	"fmt"
	"io"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Open reads what was saved of a run: an answer to a poll, its data or its result alone, an array of items, or items one
// after the other, a line each (NDJSON) or laid out as one likes; or items as CSV or Parquet. gzip or zstd may be around any
// of them. Its beginning shows which of them it is: see formOf and contentOf. Items are handed out while the rest is still
// to be read, as [Client.Poll] does; those of Parquet when all of it is there, as its end tells where they are.
//
// The error is a [*model.Problem]. Beside it stands what could be read before it: the items, and the fields of an answer.
func Open(r io.Reader, onItems func(item.Table)) (run.Answer, error) {
	return OpenNamed("", r, onItems)
}

// OpenNamed is [Open] of a file, whose name may help where its beginning leaves open what it is.
func OpenNamed(name string, r io.Reader, onItems func(item.Table)) (run.Answer, error) {
	return Limits{}.OpenNamed(name, r, onItems)
}

// OpenNamed is the function of that name, within limits.
func (l Limits) OpenNamed(name string, r io.Reader, onItems func(item.Table)) (run.Answer, error) {
	d := newDecoder(r, l, onItems)
	if isFile(r) {
		read, stop := newPieces(d.source).ahead()
		defer stop()
		d.read = read
	}
	return d.open(name, r)
}

// open reads a text, whose name may help; whole is its source from the beginning.
func (d *decoder) open(name string, whole io.Reader) (run.Answer, error) {
	d.countsLines = true
	d, closeAll, err := d.unpacked()
	defer closeAll()
	switch {
	case errors.Is(err, errPackedOften):
		problem := notSaved(errPackedOften.Error())
		problem.NextStep = text.NewText("unpack it first")
		return run.Answer{}, problem
	case err != nil:
		return run.Answer{}, d.unread(err)
	}
	content, problem := d.content(hintOf(name))
	if problem != nil {
		return run.Answer{}, problem
	}
	return d.openAs(content, whole)
}

// openAs reads all of a content.
func (d *decoder) openAs(c content, whole io.Reader) (run.Answer, error) {
	var form form
	var err error
	isObject := false
	switch c {
	case contentJSON:
		isObject = d.rest()[0] == '{'
		form = d.form()
		err = d.saved(form)
	case contentCSV:
		err = d.counted(d.csv(d.delimiter))
	case contentParquet:
		err = d.counted(d.parquet(whole))
	case contentNone:
		err = d.counted(nil)
	}
	answer, problem := form.answerOf(d.skeleton.end())
	answer.Items = d.builder.Items()
	if message := bareError(answer.Items); isObject && form == formItems && err == nil && !message.IsEmpty() {
		problem = notSaved("the service's answer was an error")
		problem.Message = message
		answer.Items = item.Table{}
	}
	if err != nil {
		problem = d.unread(err)
	}
	if incomplete := d.incomplete(err); incomplete != nil {
		problem, answer.Incomplete = incomplete, incomplete
	}
	if problem != nil {
		return answer, problem
	}
	return answer, nil
}

// bareError is the message of an error that the service sent without its envelope, if that is all there is: an object with
// nothing but an error in words.
func bareError(items item.Table) text.Text {
	if items.Total() != 1 || items.Len() != 1 {
		return text.Text{}
	}
	fields, _ := parseObject(items.Row(0))
	if len(fields) != 1 {
		return text.Text{}
	}
	return fields.text("error")
}

// saved reads all that was saved.
func (d *decoder) saved(f form) error {
	switch f {
	case formEnvelope:
		return d.answer(stepAnswer)
	case formData:
		return d.answer(stepData)
	case formResult:
		return d.answer(stepResult)
	case formItems:
	}
	return d.counted(d.sequence())
}

// counted notes how many items were read, which ended with err, where there is nothing around them.
func (d *decoder) counted(err error) error {
	d.skeleton.put(nil, itemsWord(d.builder.Total()))
	return err
}

// sequence reads values to the end of the text. They are the items; where the first is an array, the elements of all arrays
// are.
func (d *decoder) sequence() error {
	lists := false
	for values := 0; ; values++ {
		first, err := d.next()
		if values == 0 {
			lists = first == '['
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return d.broken(err)
		case first == '[' && lists:
			err = d.list(']', d.item)
		default:
			_, err = d.scanOuter(d.takeItem, d.limits.item(), item.ErrItemTooLarge)
			err = d.passTooLarge(err)
		}
		if err != nil {
			return err
		}
	}
}

// tellsOfRun tells the answer to a poll from those to a dispatch and to usage, which have none of its fields.
func tellsOfRun(envelope object) bool {
	data, _ := envelope.object("data")
	return peeked(data).count("id", "pages_extracted", "items_extracted", "result") > 0
}

// answerOf makes an answer of what was saved in a form, its items taken out.
func (f form) answerOf(skeleton []byte) (run.Answer, *run.Problem) {
	var answer run.Answer
	var problem *run.Problem
	switch f {
	case formEnvelope:
		answer, problem = readRun(skeleton)
		if fields, _ := parseObject(skeleton); problem == nil && !tellsOfRun(fields) {
			problem = notSaved("it is an answer of the service, but tells of no run")
		}
	case formData:
		answer, problem = readRun(fmt.Appendf(nil, `{"data":%s}`, skeleton))
	case formResult:
		// There is a result only of a run that has completed.
		answer, problem = readRun(fmt.Appendf(nil, `{"data":{"run_status":"completed","result":%s}}`, skeleton))
	case formItems:
	}
	if problem != nil && problem.Kind == run.ProblemMalformed {
		problem.Kind = run.ProblemInput
	}
	answer.Envelope = indented(skeleton)
	return answer, problem
}
