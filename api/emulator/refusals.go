package emulator

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Refusal is a documented error of the service. Clients can provoke it by dispatching a certain recipe.
type Refusal struct {
	// RecipeID is the id of a recipe whose dispatch is refused with this error.
	RecipeID string
	// Status and Code are the HTTP status and the error code of the answer.
	Status int
	Code   string

	message string
}

// deletionGrace is the time between the request to delete an account and the deletion.
const deletionGrace = 30 * 24 * time.Hour

// Refusals returns the documented errors that do not depend on a limit, sorted by status. [Options].Refuse accepts
// their codes.
func Refusals() []Refusal {
	return []Refusal{
		{"invalid0001", http.StatusBadRequest, codeInvalidRequest, "The recipe has no start URL."},
		{"revoked0001", http.StatusUnauthorized, codeUnauthorized, "The API key was revoked."},
		{"unverified1", http.StatusPaymentRequired, "email_verification_required", "Verify your email address before you spend credits."},
		{"forbidden01", http.StatusForbidden, "forbidden", "You do not have permission to do this."},
		{"conflict001", http.StatusConflict, "conflict", "The recipe is being edited."},
		{"deletion001", http.StatusConflict, codeAccountDeletionPending, "The account is scheduled for deletion."},
		{"validation1", http.StatusUnprocessableEntity, "validation_failed", "The recipe does not match its schema."},
		{"internal001", http.StatusInternalServerError, codeInternalError, "Something went wrong on our side."},
		{"unavailable", http.StatusBadGateway, codeServiceUnavailable, "The service is not available at the moment."},
	}
}

type deletionDetails struct {
	DeletionScheduledFor string `json:"deletion_scheduled_for"`
}

// refusalWhere returns the answer for the first refusal for which match returns true, or nil.
func (e *Emulator) refusalWhere(match func(Refusal) bool) *answer {
	for _, r := range Refusals() {
		if !match(r) {
			continue
		}
		refusal := refuse(r.Status, r.Code, r.message)
		if r.Code == codeAccountDeletionPending {
			refusal.body.Error.Details = deletionDetails{timestamp(e.createdAt.Add(deletionGrace).Truncate(time.Second))}
		}
		return &refusal
	}
	return nil
}

// validateRefuse returns an error if Options.Refuse is not a code from [Refusals]. It accepts "".
func validateRefuse(code string) error {
	var codes []string
	for _, r := range Refusals() {
		if r.Code == code {
			return nil
		}
		codes = append(codes, r.Code)
	}
	if code == "" {
		return nil
	}
	return fmt.Errorf("unknown error code %q: choose %s", code, strings.Join(codes, ", "))
}
