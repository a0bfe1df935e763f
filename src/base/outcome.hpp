#pragma once
/// A value, or the reasons why there is none.

#include "base/fault.hpp"

#include <cstdint>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace npod {

/// What kind of "no" it is. The surface maps it: problem type and HTTP status, exit code of npctl, errorfound on the wire.
enum class RefusalCode : std::uint8_t {
    malformed,    ///< the bytes or a field are not of the form: 400
    unauthorised, ///< nobody we know: 401
    forbidden,    ///< known, but not allowed this: 403
    not_found,    ///< no such thing, or none that the asker may see: 404
    conflict,     ///< contradicts what is already there (same key, other body; If-Match stale): 409
    illegal_now,  ///< understood, but the machine does not take this event in its present state: 409
    not_admissible, ///< understood, but the rules do not allow it, whatever the state: 422
    too_large,    ///< beyond a limit of limits.hpp: 413
    overloaded,   ///< come back later: 503
    read_only,    ///< there is no writer behind this (a database file opened without a daemon): 403
};

/// One thing that is wrong: told to whoever asked.
struct Refusal {
    RefusalCode code = RefusalCode::malformed;
    std::string text;    ///< what was wrong, as a sentence
    std::string pointer; ///< where: RFC 6901 pointer into the body, or a parameter's name; may be empty
    std::string next;    ///< what to do next, as a sentence; may be empty
    std::string ground;  ///< product code of RULES-BE section 3 where the refusal is one of them; may be empty
    bool operator==(Refusal const&) const = default;
};

/// Either a T or at least one Refusal ("all problems at once").
template <class T>
class [[nodiscard]] Outcome {
public:
    Outcome(T value) : held_(std::move(value)) {}
    Outcome(Refusal refusal) : held_(std::vector<Refusal>{std::move(refusal)}) {}
    Outcome(std::vector<Refusal> refusals) : held_(std::move(refusals)) {
        NPOD_PROMISE(!std::get<std::vector<Refusal>>(held_).empty());
    }

    explicit operator bool() const { return held_.index() == 0; }
    T& operator*() & { return checked(); }
    T const& operator*() const& { return const_cast<Outcome*>(this)->checked(); }
    T&& operator*() && { return std::move(checked()); }
    T* operator->() { return &checked(); }
    T const* operator->() const { return &const_cast<Outcome*>(this)->checked(); }

    /// The reasons; empty when there is a value.
    std::vector<Refusal> refusals() const {
        auto const* list = std::get_if<std::vector<Refusal>>(&held_);
        return list ? *list : std::vector<Refusal>{};
    }
    /// The first reason. Precondition: there is no value.
    Refusal const& refusal() const {
        auto const* list = std::get_if<std::vector<Refusal>>(&held_);
        NPOD_PROMISE(list != nullptr);
        return list->front();
    }

private:
    T& checked() {
        T* value = std::get_if<T>(&held_);
        NPOD_PROMISE(value != nullptr);
        return *value;
    }
    std::variant<T, std::vector<Refusal>> held_;
};

} // namespace npod
